// The build is static: hashed files below assets/, no inline script (the server's CSP allows none).
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const server = process.env.WEIR_URL ?? 'http://127.0.0.1:7717'
const token = process.env.WEIR_TOKEN

/** A token in the environment stands for the session cookie, which a page served from another port does not get. */
const proxy = {
  target: server,
  headers: token ? { authorization: `Bearer ${token}` } : undefined,
}

export default defineConfig({
  plugins: [react()],
  server: { host: '127.0.0.1', proxy: { '/api': proxy, '/first-run': proxy } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    manifest: 'manifest.json',
    chunkSizeWarningLimit: 2000,
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
