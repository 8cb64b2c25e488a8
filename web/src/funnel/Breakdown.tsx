// The same funnel for the people of each value, channel or state: six panels, and who is in none of them.

import { FileTextOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { useMemo } from 'react'
import { useChannels, useEntries, useTags } from '../api/audiences'
import { useModels } from '../api/queries'
import type { Funnel } from '../api/types'
import type { Json } from '../builder/tree'
import { channelName } from '../builder/useNames'
import { LATELY } from '../builder/usual'
import { csv } from '../chart/csv'
import { downloadText } from '../chart/download'
import { Count } from '../door/Count'
import { ExpressionPanel } from '../door/ExpressionPanel'
import { useSpeech } from '../i18n'
import { listed } from '../i18n/text'
import { looks, lookOf, type Look } from '../states/look'
import { Swatch } from '../states/Swatch'
import { entryName, Field, modelTitle } from '../view/Filters'
import { FIELDS, isBy, panelAt, tellApart, writeBy, writeRow, type By, type OpenRow, type Panel, type RowKey, type Told } from './breakdown'

export function ByField({ value, onChange }: { value: By | undefined; onChange: (by: string | null) => void }) {
  const { t, language } = useSpeech()
  const tags = useTags().data ?? []
  const models = useModels().data ?? []
  const groups = [
    { label: t('funnel.by.channels', { days: LATELY }), options: [...(['entrance', 'node'] as const).map((of) => ({ value: `channel:${of}`, label: t(`funnel.by.${of}`) })), ...FIELDS.map((of) => ({ value: `field:${of}`, label: t(`field.${of}`) }))] },
    { label: t('funnel.by.states'), options: models.map((model) => ({ value: `state:${model.name}`, label: modelTitle(model, language) })) },
    { label: t('funnel.by.tags'), options: tags.map(({ name }) => ({ value: `tag:${name}`, label: name })) },
  ]
  return (
    <Field label={t('funnel.by')}>
      <Select
        aria-label={t('funnel.by')}
        showSearch={{ optionFilterProp: 'label' }}
        value={value ? writeBy(value) : ''}
        options={[{ value: '', label: t('funnel.by.none') }, ...groups.filter(({ options }) => options.length > 0)]}
        onChange={(next: string) => onChange(next || null)}
        popupMatchSelectWidth={false}
      />
    </Field>
  )
}

/** What the groups of a breakdown are called, and how they look if they are states. */
function useGroups(by: By): { title: (key: RowKey) => string; look: (key: RowKey) => Look | undefined } {
  const { t, language } = useSpeech()
  const channels = useChannels().data
  const entries = useEntries(by.kind === 'field' ? by.of : 'category').data
  const models = useModels().data
  const states = by.kind === 'state' ? models?.find(({ name }) => name === by.model)?.states : undefined
  const all = useMemo(() => looks(states ?? [], language), [states, language])
  const named = (value: string) => {
    if (by.kind === 'channel') return channelName(value, channels ?? [], language)
    if (by.kind === 'field') return entryName(entries?.find(({ id }) => id === value), value, language)
    return by.kind === 'state' ? lookOf(all, value).title : value
  }
  return {
    title: (key) => (key.kind === 'value' ? named(key.value) : t(key.kind === 'rest' ? 'funnel.by.rest' : 'funnel.by.unknown')),
    look: (key) => (by.kind === 'state' && key.kind === 'value' ? lookOf(all, key.value) : undefined),
  }
}

interface Props {
  answer: Funnel
  by: By
  /** The steps in words. */
  titles: string[]
  isStale: boolean
  open: OpenRow | undefined
  select: (open: OpenRow | undefined) => void
}

export function BreakdownSection({ answer, by, ...props }: Props) {
  const told = useMemo(() => answer.breakdown && tellApart(answer.breakdown, answer.total), [answer])
  return told && isBy(by, answer.breakdown?.by as Json) ? <Panels {...props} by={by} told={told} asOf={answer.as_of} /> : null
}

function Panels({ by, told, titles, isStale, open, select, asOf }: Omit<Props, 'answer'> & { told: Told; asOf: string }) {
  const { t } = useSpeech()
  const groups = useGroups(by)
  const all = [...told.panels, ...(told.rest ? [told.rest] : [])]
  const save = () =>
    downloadText(`weir-funnel-by-${asOf}.csv`, csv([['group', 'people', ...titles], ...all.map(({ key, total, steps }) => [groups.title(key), total, ...steps.map(({ count }) => count)])]), 'text/csv')
  return (
    <section className={isStale ? 'card stale' : 'card'} aria-labelledby="by-title">
      <div className="card-head">
        <h2 id="by-title">{t('funnel.by.title')}</h2>
        <Button aria-label={t('chart.csv')} title={t('chart.csv')} icon={<FileTextOutlined aria-hidden />} onClick={save} />
      </div>
      <div className="funnel-panels">
        {all.map((panel) => (
          <PanelBars key={writeRow({ key: panel.key, step: 0 })} panel={panel} title={groups.title(panel.key)} look={groups.look(panel.key)} titles={titles} open={open} select={select} />
        ))}
      </div>
      <RestNote told={told} title={(value) => groups.title({ kind: 'value', value })} />
    </section>
  )
}

/** Who is in no panel of their own, and whether somebody is in several. */
function RestNote({ told, title }: { told: Told; title: (value: string) => string }) {
  const { t, language } = useSpeech()
  const { rest, folded, more, isShared } = told
  return (
    <p className="quiet hint">
      {folded.length > 0 && `${t('funnel.by.folded', { names: listed(folded.map(title), 'conjunction', language) })} `}
      {more > 0 && `${t('funnel.by.more', { n: more })} `}
      {rest && folded.length === 0 && more === 0 && `${t('funnel.by.rest_note')} `}
      {t(isShared ? 'funnel.by.shared' : 'funnel.by.whole')}
    </p>
  )
}

interface PanelProps extends Pick<Props, 'titles' | 'open' | 'select'> {
  panel: Panel
  title: string
  look: Look | undefined
}

function PanelBars({ panel, title, look, titles, open, select }: PanelProps) {
  const { t, exact, percent } = useSpeech()
  const { key, total, steps } = panel
  const first = steps[0]?.count ?? 0
  return (
    <section aria-label={title}>
      <h3 className="panel-name">
        {look && <Swatch look={look} />} {title} <span className="quiet figure">{t('funnel.by.of', { total: exact(total) })}</span>
      </h3>
      <ol className="panel-steps">
        {steps.map(({ count }, step) => {
          const row = { key, step }
          return (
            <li key={step} title={titles[step]}>
              <span className="quiet">{step + 1}</span>
              <span className="bar-track" aria-hidden>
                <i style={{ width: `${first === 0 ? 0 : (count / first) * 100}%`, background: `var(--weir-state-${look?.slot ?? 'aware'})` }} />
              </span>
              <Count
                value={count}
                isExact
                sentence={t('funnel.by.said', { group: title, step: titles[step] ?? '' })}
                isOpen={open !== undefined && writeRow(open) === writeRow(row)}
                onOpen={() => select(row)}
                testId={writeRow(row)}
              />
              <span className="quiet figure">{step === 0 ? '' : percent(count, first)}</span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

export function BreakdownPanel({ answer, by, titles, open, onClose }: { answer: Funnel; by: By; titles: string[]; open: OpenRow; onClose: () => void }) {
  const { t } = useSpeech()
  const groups = useGroups(by)
  const panel = answer.breakdown && isBy(by, answer.breakdown.by as Json) ? panelAt(tellApart(answer.breakdown, answer.total), open) : undefined
  const step = panel?.steps[open.step]
  if (!step) return null
  const group = groups.title(open.key)
  const door = {
    expression: step.expression satisfies Json,
    said: t('funnel.by.said', { group, step: titles[open.step] ?? '' }),
    name: `${group} · ${t('funnel.step', { n: String(open.step + 1) })} · ${answer.as_of}`,
    shown: step.count,
  }
  return <ExpressionPanel door={door} asOf={answer.as_of} onClose={onClose} />
}
