// The theme of the page: antd's tokens and our CSS variables, from one palette.

import { ConfigProvider, theme as antd, type ThemeConfig } from 'antd'
import enGB from 'antd/locale/en_GB'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/en-gb'
import 'dayjs/locale/zh-cn'
import { createContext, useContext, useLayoutEffect, useMemo, useState, type ReactNode } from 'react'
import { useSpeech } from '../i18n'
import { cssVariables, FONT, PALETTES, type Theme } from './tokens'

interface Choice {
  theme: Theme
  setTheme: (theme: Theme) => void
}

const Context = createContext<Choice | undefined>(undefined)
const STORED = 'weir.theme'

function initial(): Theme {
  const stored = localStorage.getItem(STORED)
  if (stored === 'light' || stored === 'dark') return stored
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

function antdTheme(theme: Theme): ThemeConfig {
  const palette = PALETTES[theme]
  return {
    algorithm: theme === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: palette.link,
      colorLink: palette.link,
      colorError: palette.error,
      colorSuccess: palette.success,
      colorWarning: palette.warning,
      colorText: palette.text,
      colorTextSecondary: palette.secondary,
      colorTextTertiary: palette.secondary,
      colorTextDescription: palette.secondary,
      colorTextPlaceholder: palette.secondary,
      colorBgLayout: palette.ground,
      colorBgContainer: palette.surface,
      colorBorder: theme === 'dark' ? '#4A4E55' : '#C9CDD3',
      colorBorderSecondary: palette.border,
      fontFamily: FONT,
      fontSize: 14,
      borderRadius: 6,
      // Grounds that antd makes of dark greens and browns are muddy.
      ...(theme === 'light' && { colorSuccessBg: '#EDF7EC', colorSuccessBorder: '#A8D1A4', colorWarningBg: '#FFF7E3', colorWarningBorder: '#E6C88C' }),
      motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    },
    components: {
      // Text on the light primary of the dark theme must be dark to be read.
      // antd's own colours of hovered and pressed text are too light to be read.
      Button: {
        primaryColor: theme === 'dark' ? '#10151C' : '#FFFFFF',
        primaryShadow: 'none',
        defaultShadow: 'none',
        defaultHoverColor: palette.link,
        defaultHoverBorderColor: palette.link,
        defaultActiveColor: palette.link,
        defaultActiveBorderColor: palette.link,
      },
      Layout: { headerBg: palette.surface, siderBg: palette.surface, headerPadding: '0 20px', headerHeight: 52 },
      Menu: { itemSelectedBg: palette.tint, itemSelectedColor: palette.link, activeBarBorderWidth: 0, itemHeight: 30, itemMarginBlock: 1 },
      Segmented: { itemColor: palette.secondary, itemSelectedColor: palette.text },
    },
  }
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const { language } = useSpeech()
  const [theme, choose] = useState<Theme>(initial)
  useLayoutEffect(() => {
    const root = document.documentElement
    root.dataset.theme = theme
    root.style.colorScheme = theme
    for (const [name, value] of Object.entries(cssVariables(theme))) root.style.setProperty(name, value)
  }, [theme])
  useLayoutEffect(() => {
    dayjs.locale(language === 'zh' ? 'zh-cn' : 'en-gb')
  }, [language])
  const choice = useMemo<Choice>(
    () => ({
      theme,
      setTheme: (next) => {
        localStorage.setItem(STORED, next)
        choose(next)
      },
    }),
    [theme],
  )
  const config = useMemo(() => antdTheme(theme), [theme])
  return (
    <Context value={choice}>
      <ConfigProvider
        theme={config}
        locale={language === 'zh' ? zhCN : enGB}
        button={{ autoInsertSpace: false }}
        wave={{ disabled: true }}
      >
        {children}
      </ConfigProvider>
    </Context>
  )
}

export function useTheme(): Choice {
  const choice = useContext(Context)
  if (!choice) throw new Error('there is no ThemeProvider above')
  return choice
}
