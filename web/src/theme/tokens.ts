// Colours and sizes in one place: antd, our own CSS and the charts take them from here.
//
// Every colour is checked by tokens.test.ts: contrast to both backgrounds of its theme, and that states can be told
// apart, also by people who see fewer hues.

export type Theme = 'light' | 'dark'

/** What a state means in the life of a consumer; a model's file says which of its states is which. */
export const SLOTS = ['none', 'aware', 'interest', 'purchase', 'loyal', 'lapsing', 'gone'] as const
export type Slot = (typeof SLOTS)[number]

export const STATE_COLORS: Record<Theme, Record<Slot, string>> = {
  light: {
    none: '#868C95',
    aware: '#1B8AF6',
    interest: '#077D5D',
    purchase: '#BB8000',
    loyal: '#7A2A4C',
    lapsing: '#653EBC',
    gone: '#26292D',
  },
  dark: {
    none: '#6F7275',
    aware: '#67A3FD',
    interest: '#7FD3B1',
    purchase: '#F2B33B',
    loyal: '#D9789B',
    lapsing: '#A25BC9',
    gone: '#DCE5F1',
  },
}

/** Where people come from; never in one chart with states. */
export const ENTRANCE_COLORS: Record<Theme, Record<string, string>> = {
  light: {
    shop: '#425DD7',
    ads: '#7A1D08',
    external: '#5C0184',
    activity: '#C2485F',
    audience: '#3F4851',
    content: '#376E11',
    crm: '#3D95A5',
    web: '#B18421',
  },
  dark: {
    shop: '#3A9FFE',
    ads: '#F98A4B',
    external: '#8F4EC6',
    activity: '#B46C80',
    audience: '#AAAEB4',
    content: '#4C780D',
    crm: '#6BE3EA',
    web: '#F2D666',
  },
}

export interface Palette {
  text: string
  secondary: string
  link: string
  error: string
  success: string
  warning: string
  /** Behind everything. */
  ground: string
  /** Cards, charts, tables. */
  surface: string
  border: string
  grid: string
  /** Links between the same state at both dates. */
  stay: string
  /** A cell or row that is chosen or hovered. */
  tint: string
}

export const PALETTES: Record<Theme, Palette> = {
  light: {
    text: '#1F2328',
    secondary: '#636973',
    link: '#0958D9',
    error: '#CF1322',
    success: '#237804',
    warning: '#875400',
    ground: '#F5F5F5',
    surface: '#FFFFFF',
    border: '#DFE2E6',
    grid: '#EBEDF0',
    stay: '#B9BEC6',
    tint: '#E8F1FF',
  },
  dark: {
    text: '#E6E8EB',
    secondary: '#A6ACB5',
    link: '#69A6FF',
    error: '#FF7875',
    success: '#73D13D',
    warning: '#FFC53D',
    ground: '#141414',
    surface: '#1F1F1F',
    border: '#383B40',
    grid: '#2C2F33',
    stay: '#565B63',
    tint: '#1B2D4A',
  },
}

export const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

/** The palette as CSS variables, `--weir-text` and so on. */
export function cssVariables(theme: Theme): Record<string, string> {
  const colors = Object.entries(PALETTES[theme]).map(([name, color]) => [`--weir-${name}`, color])
  const states = Object.entries(STATE_COLORS[theme]).map(([slot, color]) => [`--weir-state-${slot}`, color])
  const entrances = Object.entries(ENTRANCE_COLORS[theme]).map(([name, color]) => [`--weir-entrance-${name}`, color])
  return Object.fromEntries([...colors, ...states, ...entrances])
}
