import { Button, Divider, Radio } from 'antd'
import { useEffect, useState } from 'react'
import type { Destination } from '../api/types'
import { useSpeech } from '../i18n'
import { DestinationForm } from './DestinationForm'

interface Props {
  destinations: Destination[]
  /** The one to begin with, if it is there. */
  first?: string
  kinds: readonly string[]
  onChoose: (destination: Destination) => void
}

export const detailOf = ({ kind, format, url }: Destination): string => (kind === 'file' ? (format ?? '') : (url ?? ''))

export function DestinationStep({ destinations, first, kinds, onChoose }: Props) {
  const { t } = useSpeech()
  const [isNew, setNew] = useState(destinations.length === 0)
  const [chosen, setChosen] = useState((destinations.find(({ name }) => name === first) ?? destinations[0])?.name)
  /** A destination just made may not be in the listing yet; from then on it is the one chosen. */
  const [made, setMade] = useState<string>()
  const found = destinations.find(({ name }) => name === (made ?? chosen))
  useEffect(() => {
    if (made && found) onChoose(found)
  }, [made, found, onChoose])
  return (
    <>
      {destinations.length > 0 && (
        <>
          <Radio.Group
            aria-label={t('push.existing')}
            className="destinations"
            value={isNew ? '' : chosen}
            onChange={({ target }) => {
              setNew(target.value === '')
              if (target.value) setChosen(String(target.value))
            }}
          >
            {destinations.map((destination) => (
              <Radio key={destination.name} value={destination.name}>
                <strong>{destination.name}</strong>{' '}
                <span className="quiet">
                  {t(`destination.kind.${destination.kind}`)} · {detailOf(destination)}
                </span>
              </Radio>
            ))}
            <Radio value="">{t('push.new_destination')}</Radio>
          </Radio.Group>
          {isNew && <Divider />}
        </>
      )}
      {destinations.length === 0 && <p className="quiet">{t('push.no_destinations')}</p>}
      {isNew ? (
        <DestinationForm kinds={kinds} onMade={setMade} />
      ) : (
        <div className="push-buttons">
          <Button type="primary" disabled={!found} onClick={() => found && onChoose(found)}>
            {t('push.next')}
          </Button>
        </div>
      )}
    </>
  )
}
