// The language of the page, for components.

import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { compact, exact, percent } from '../format/number'
import { LANGUAGES, preferred, type Language } from './language'
import { textIn, type Text } from './text'

interface Speech {
  language: Language
  setLanguage: (language: Language) => void
  t: Text
  exact: (value: number) => string
  compact: (value: number) => string
  percent: (part: number, whole: number) => string
}

const Context = createContext<Speech | undefined>(undefined)
const STORED = 'weir.language'

function initial(): Language {
  const stored = localStorage.getItem(STORED)
  return LANGUAGES.find((language) => language === stored) ?? preferred(navigator.languages)
}

export function SpeechProvider({ children }: { children: ReactNode }) {
  const [language, choose] = useState<Language>(initial)
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  }, [language])
  const speech = useMemo<Speech>(
    () => ({
      language,
      setLanguage: (next) => {
        localStorage.setItem(STORED, next)
        choose(next)
      },
      t: textIn(language),
      exact: (value) => exact(value, language),
      compact: (value) => compact(value, language),
      percent: (part, whole) => percent(part, whole, language),
    }),
    [language],
  )
  return <Context value={speech}>{children}</Context>
}

export function useSpeech(): Speech {
  const speech = useContext(Context)
  if (!speech) throw new Error('there is no SpeechProvider above')
  return speech
}
