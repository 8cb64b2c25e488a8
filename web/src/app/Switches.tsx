import { MoonOutlined, SunOutlined } from '@ant-design/icons'
import { Button, Segmented } from 'antd'
import { useSpeech } from '../i18n'
import type { Language } from '../i18n/language'
import { useTheme } from '../theme'

export function LanguageSwitch() {
  const { t, language, setLanguage } = useSpeech()
  return (
    <Segmented<Language>
      size="small"
      aria-label={t('app.language')}
      value={language}
      onChange={setLanguage}
      options={[
        { value: 'zh', label: <span lang="zh-CN">中</span> },
        { value: 'en', label: <span lang="en">EN</span> },
      ]}
    />
  )
}

export function ThemeSwitch() {
  const { t } = useSpeech()
  const { theme, setTheme } = useTheme()
  const other = theme === 'light' ? 'dark' : 'light'
  return (
    <Button
      type="text"
      aria-label={t(`app.theme.${other}`)}
      title={t(`app.theme.${other}`)}
      icon={theme === 'light' ? <MoonOutlined aria-hidden /> : <SunOutlined aria-hidden />}
      onClick={() => setTheme(other)}
    />
  )
}
