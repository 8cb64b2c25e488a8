// Every state model: how it puts people into states as of the day, how far it looks back, and where it is used.

import { PlusOutlined } from '@ant-design/icons'
import { Empty, Skeleton } from 'antd'
import { useMemo } from 'react'
import { Link, useNavigate } from 'react-router'
import { useDistributions, useModelDoor } from '../api/models'
import { useModels } from '../api/queries'
import type { StateModel, States, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { LinkButton } from '../app/LinkButton'
import { useBase } from '../app/useBase'
import { usePageTitle } from '../app/usePageTitle'
import { Count } from '../door/Count'
import { PeoplePanel } from '../door/PeoplePanel'
import { sentence, suggestedName } from '../door/sentence'
import { useSetting } from '../door/useSetting'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { countedAt } from '../states/area'
import { looks, lookOf, type Look } from '../states/look'
import { Swatch } from '../states/Swatch'
import { modelTitle, ScopeSelect } from '../view/Filters'
import { NoData } from '../view/NoData'
import { Provenance } from '../view/Provenance'
import type { Selection } from '../view/selection'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { writeScope, type View } from '../view/view'
import { readListed, writeListed } from './doors'
import { NONE, windowsOf, type Use } from './rules'
import { useUses } from './useUses'

export function ModelsPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('models.title'))
  const base = useBase()
  const [query, setQuery] = useAddress()
  const { view, change } = useView(workspace)
  const models = useModels()
  const all = useMemo(() => models.data ?? [], [models.data])
  const answers = useDistributions(all.map(({ name }) => name), view)
  const answerOf = (name: string) => answers[all.findIndex((model) => model.name === name)]?.data
  const uses = useUses()
  const open = readListed(query.get('open'))
  const onOpen = (next: string | null) => setQuery({ open: next })
  const common = { view, open: query.get('open'), onOpen, answerOf, uses }
  const create = (
    <LinkButton type="primary" icon={<PlusOutlined aria-hidden />} to={`${base}/models/new`}>
      {t('models.new')}
    </LinkButton>
  )
  const own = all.filter(({ preset }) => !preset)
  return (
    <div className={open ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <div className="section-head page-head">
          <h1>{t('models.title')}</h1>
          {create}
        </div>
        <Provenance workspace={workspace} asOf={view.asOf} />
        <p className="quiet">{t('models.intro')}</p>
        <div className="filters">
          <ScopeSelect value={view.scope} onChange={(scope) => change({ open: null, scope: scope.kind === 'workspace' ? null : writeScope(scope) })} />
        </div>
        <NoData workspace={workspace} />
        {models.error && <Failure error={models.error} onRetry={() => void models.refetch()} />}
        {models.isPending && <Skeleton active className="card" />}
        {models.data && own.length === 0 && (
          <Empty className="card" image={Empty.PRESENTED_IMAGE_SIMPLE} description={<strong>{t('models.none_own.title')}</strong>}>
            <p className="quiet">{t('models.none_own.body')}</p>
            <LinkButton to={`${base}/models/pno/edit`}>{t('models.copy')}</LinkButton>
          </Empty>
        )}
        {own.length > 0 && <Group {...common} title={t('models.own')} models={own} />}
        {models.data && <Group {...common} title={t('models.presets')} models={all.filter(({ preset }) => preset)} />}
      </div>
      {open && <OpenPanel key={`${query.get('open')} ${view.asOf}`} view={view} {...open} shown={shownIn(answerOf(open.model), open.states)} onClose={() => onOpen(null)} />}
    </div>
  )
}

const shownIn = (answer: States | undefined, states: readonly string[]) => answer?.at[0] && states.reduce((sum, state) => sum + (answer.at[0]?.states[state] ?? 0), 0)

interface GroupProps {
  view: View
  open: string | null
  onOpen: (open: string) => void
  answerOf: (name: string) => States | undefined
  uses: (name: string) => Use[]
}

function Group({ title, models, answerOf, uses, ...props }: GroupProps & { title: string; models: StateModel[] }) {
  return (
    <section className="reflow" aria-label={title}>
      <h2>{title}</h2>
      {models.map((model) => (
        <ModelCard key={model.name} {...props} model={model} answer={answerOf(model.name)} uses={uses(model.name)} />
      ))}
    </section>
  )
}

interface CardProps extends Pick<GroupProps, 'view' | 'open' | 'onOpen'> {
  model: StateModel
  answer: States | undefined
  uses: Use[]
}

function ModelCard({ model, answer, uses, ...props }: CardProps) {
  const { t, language } = useSpeech()
  const base = useBase()
  const title = modelTitle(model, language)
  const count = (kind: Use['kind']) => new Set(uses.filter((use) => use.kind === kind).map(({ name }) => name)).size
  const used = t('models.uses', { tracks: count('track'), audiences: count('audience'), models: count('model') }).replace(/^ · /, '')
  return (
    <article className="card model-card" aria-label={title}>
      <div className="model-head">
        <h3>
          <Link to={`${base}/models/${encodeURIComponent(model.name)}`}>{title}</Link>
        </h3>
        {title !== model.name && <code className="quiet">{model.name}</code>}
        <span className="quiet">{model.preset ? t('models.shipped') : t('models.version', { version: model.version })}</span>
        {model.unverified && (
          <span className="unverified" title={t('provenance.unverified_help')}>
            {t('provenance.unverified')}
          </span>
        )}
        <span className="quiet model-used">{used}</span>
      </div>
      {!model.preset && model.description && <p className="quiet">{model.description}</p>}
      {answer ? <Distribution {...props} model={model} answer={answer} title={title} /> : <p className="quiet">…</p>}
      <Windows model={model} />
    </article>
  )
}

function Windows({ model }: { model: StateModel }) {
  const { t, language } = useSpeech()
  const windows = windowsOf(model.states).map(({ days }) => t('models.days', { n: days }))
  return <p className="quiet hint">{windows.length === 0 ? t('models.no_windows') : t('models.windows', { windows: listed(windows, 'conjunction', language) })}</p>
}

/** Everyone as one strip, and each state as a number. */
function Distribution({ model, answer, title, view, open, onOpen }: Omit<CardProps, 'uses'> & { answer: States; title: string }) {
  const { t, language, percent } = useSpeech()
  const { setting } = useSetting({ ...view, model: model.name, who: { kind: 'everyone' } }, [])
  const all = useMemo(() => looks(model.states, language), [model, language])
  const at = answer.at[0]
  if (!at) return null
  const total = countedAt(at)
  const rows = [...model.states.map(({ name }) => name), NONE].map((name) => ({ name, look: lookOf(all, name), count: at.states[name] ?? 0 }))
  const told = rows.map(({ look, count }) => t('models.strip_state', { state: look.title, share: percent(count, total) }))
  return (
    <>
      <div className="strip state-strip" role="img" aria-label={t('models.strip', { model: title, states: listed(told, 'conjunction', language) })}>
        {rows.map(({ name, look, count }) => count > 0 && <Segment key={name} look={look} share={count / total} />)}
      </div>
      <ul className="state-chips">
        {rows.map(({ name, look, count }) => (
          <li key={name}>
            <Swatch look={look} /> {look.title}{' '}
            <Count
              value={count}
              isExact
              sentence={sentence({ kind: 'band', date: view.asOf, states: [name] }, setting)}
              isOpen={open === writeListed(model.name, [name])}
              onOpen={() => onOpen(writeListed(model.name, [name]))}
              testId={`listed-${model.name}-${name}`}
            />
          </li>
        ))}
      </ul>
    </>
  )
}

function Segment({ look, share }: { look: Look; share: number }) {
  const pattern = look.pattern === 0 ? 0 : ((look.pattern - 1) % 3) + 1
  return <i className={`swatch pattern-${pattern}`} style={{ width: `${share * 100}%`, '--swatch': `var(--weir-state-${look.slot})` } as React.CSSProperties} />
}

interface PanelProps {
  view: View
  model: string
  states: string[]
  shown: number | undefined
  onClose: () => void
}

function OpenPanel({ view: addressed, model, states, shown, onClose }: PanelProps) {
  const base = useBase()
  const navigate = useNavigate()
  const view: View = { ...addressed, model, who: { kind: 'everyone' } }
  const { setting } = useSetting(view, [])
  const people = useModelDoor({ kind: 'decided', model, states }, view)
  const selection: Selection = { kind: 'band', date: view.asOf, states }
  return (
    <PeoplePanel
      people={people}
      said={sentence(selection, setting)}
      name={suggestedName(selection, setting)}
      shown={shown}
      onClose={onClose}
      onFollow={(who) => void navigate(`${base}/states?${new URLSearchParams({ who, model, as_of: view.asOf })}`)}
      lens={{ model, scope: view.scope }}
    />
  )
}
