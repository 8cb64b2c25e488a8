// The ready plans: what each is for, and whom it would concern today.

import { Skeleton } from 'antd'
import { Link } from 'react-router'
import { usePlaybookPreviews, usePlaybooks } from '../api/playbooks'
import type { Playbook, PlaybookAudience, PlaybookPreview, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { LinkButton } from '../app/LinkButton'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { say, textOf as plain } from '../builder/grammar/say'
import { read } from '../builder/tree'
import { useNames } from '../builder/useNames'
import { Count } from '../door/Count'
import { ExpressionPanel, type Door } from '../door/ExpressionPanel'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { baseOf, suffixOf, targetOf, whoOf } from './play'
import { symptomOf, textOf, titleOf, whoIn } from './told'

/** A number of a card in the address: the playbook, and the audience's suffix. */
const keyOf = (playbook: string, audience: PlaybookAudience) => `${playbook}.${suffixOf(audience.name, playbook)}`

export function PlaybooksPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('plays.title'))
  const { view } = useView(workspace)
  const [query, setQuery] = useAddress()
  const playbooks = usePlaybooks()
  const all = playbooks.data ?? []
  const previews = usePlaybookPreviews(all.map(({ name }) => name), view.asOf)
  const open = query.get('open')
  const setOpen = (key: string | null) => setQuery({ open: key })
  const door = useDoor(previews.flatMap(({ data }) => data ?? []), open, view.asOf)
  return (
    <div className={door ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <h1>{t('plays.title')}</h1>
        <Provenance workspace={workspace} asOf={view.asOf} />
        <p className="quiet">{t('plays.intro')}</p>
        {playbooks.error && <Failure error={playbooks.error} onRetry={() => void playbooks.refetch()} />}
        {playbooks.isPending && <Skeleton active className="card" />}
        <div className="play-cards">
          {all.map((playbook, i) => (
            <Card key={playbook.name} playbook={playbook} preview={previews[i]?.data} error={previews[i]?.error ?? null} asOf={view.asOf} open={open} onOpen={setOpen} />
          ))}
        </div>
      </div>
      {door && <ExpressionPanel key={`${open} ${view.asOf}`} door={door} asOf={view.asOf} onClose={() => setOpen(null)} />}
    </div>
  )
}

function useDoor(previews: PlaybookPreview[], open: string | null, asOf: Day): Door | undefined {
  const { language } = useSpeech()
  const names = useNames()
  const found = previews.flatMap((preview) => preview.audiences.map((audience) => ({ preview, audience }))).find(({ preview, audience }) => keyOf(preview.playbook, audience) === open)
  if (!found) return undefined
  const expression = whoOf(found.preview, found.audience.expression)
  return { expression, said: plain(say(read(expression), asOf, language, names)), name: `${found.audience.name} ${asOf}`, shown: found.audience.count }
}

interface CardProps {
  playbook: Playbook
  preview: PlaybookPreview | undefined
  error: Error | null
  asOf: Day
  open: string | null
  onOpen: (key: string) => void
}

function Card({ playbook, preview, error, asOf, open, onOpen }: CardProps) {
  const { t, language } = useSpeech()
  const base = useBase()
  const { name } = playbook
  const title = titleOf(playbook, language)
  const to = `${base}/playbooks/${encodeURIComponent(name)}?as_of=${asOf}`
  return (
    <article className="card play-card" aria-labelledby={`play-${name}`}>
      <h2 id={`play-${name}`}>
        <Link to={to}>{title}</Link>
      </h2>
      <p>
        <strong>{symptomOf(name, t)}</strong>
      </p>
      <p className="quiet">{textOf(playbook, language)}</p>
      {error && <p className="quiet">{`${t('plays.unready')} ${error.message}`}</p>}
      {!preview && !error && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
      {preview && <Bars preview={preview} open={open} onOpen={onOpen} />}
      <LinkButton to={to} aria-label={t('plays.open_named', { title })}>
        {t('plays.open')}
      </LinkButton>
    </article>
  )
}

/** Those the plan begins with, and the target among them. */
function Bars({ preview, open, onOpen }: { preview: PlaybookPreview; open: string | null; onOpen: (key: string) => void }) {
  const { t, percent } = useSpeech()
  const names = useNames()
  const { playbook } = preview
  const [base, target] = [baseOf(preview), targetOf(preview)]
  const whole = base?.count ?? 0
  return (
    <ul className="play-bars">
      {[base, target].filter((one) => one !== undefined).map((audience) => {
        const key = keyOf(playbook, audience)
        const who = whoIn(playbook, audience, playbook, t, names)
        const isTarget = audience === target
        return (
          <li key={audience.name}>
            <span>{who}</span>
            <Count value={audience.count} isExact className={isTarget ? 'big' : undefined} sentence={who} isOpen={open === key} onOpen={() => onOpen(key)} testId={`play-${key}`} />
            <span className="bar-track" aria-hidden>
              <i className={isTarget ? 'target' : undefined} style={{ width: `${whole === 0 ? 0 : (audience.count / whole) * 100}%` }} />
            </span>
            <span className="quiet figure">{isTarget && percent(audience.count, whole)}</span>
          </li>
        )
      })}
    </ul>
  )
}
