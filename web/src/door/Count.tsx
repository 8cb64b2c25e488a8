// A number that is a door: hover or focus shows the exact figure and says what it counts, a click opens the panel.

import { Tooltip } from 'antd'
import { useSpeech } from '../i18n'

interface Props {
  value: number
  /** What it counts. */
  sentence: string
  onOpen: () => void
  isOpen?: boolean
  /** Tables show every digit; elsewhere large numbers are shortened. */
  isExact?: boolean
  className?: string
  testId?: string
}

export function Count({ value, sentence, onOpen, isOpen, isExact, className, testId }: Props) {
  const { t, exact, compact } = useSpeech()
  const count = exact(value)
  const label = t('count.open', { count, sentence })
  return (
    <Tooltip
      title={
        <>
          <b className="figure">{count}</b>
          <br />
          {sentence}
        </>
      }
      mouseEnterDelay={0.4}
    >
      <button
        type="button"
        className={['count', className].filter(Boolean).join(' ')}
        aria-label={label}
        aria-pressed={isOpen}
        data-count={value}
        data-testid={testId}
        onClick={onOpen}
      >
        {isExact ? count : compact(value)}
      </button>
    </Tooltip>
  )
}
