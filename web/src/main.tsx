import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App as Messages } from 'antd'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { ApiError } from './api/client'
import { App } from './app/App'
import './app/app.css'
import { SpeechProvider } from './i18n'
import { ThemeProvider } from './theme'

/** A refusal is an answer; asking again helps only where the server or the network failed. */
const retry = (failures: number, error: Error) => !(error instanceof ApiError && error.status < 500) && failures < 2

const client = new QueryClient({
  defaultOptions: { queries: { retry, staleTime: 60_000, refetchOnWindowFocus: false } },
  queryCache: new QueryCache({
    onError: (error, query) => {
      // The session has ended: the workspace query then shows the page to log in.
      const isSignedOut = error instanceof ApiError && error.status === 401
      if (isSignedOut && query.queryKey[0] !== 'workspace') void client.invalidateQueries({ queryKey: ['workspace'] })
    },
  }),
})

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <SpeechProvider>
        <ThemeProvider>
          <Messages>
            <BrowserRouter>
              <App />
            </BrowserRouter>
          </Messages>
        </ThemeProvider>
      </SpeechProvider>
    </QueryClientProvider>
  </StrictMode>,
)
