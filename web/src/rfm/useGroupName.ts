import { useSpeech } from '../i18n'
import { isKey } from '../i18n/text'

/** What a segment or a class is called; one of somebody's own has its own name. */
export function useGroupName(): (kind: 'segment' | 'class', key: string) => string {
  const { t } = useSpeech()
  return (kind, key) => {
    const message = `rfm.${kind}.${key}`
    return isKey(message) ? t(message) : key
  }
}
