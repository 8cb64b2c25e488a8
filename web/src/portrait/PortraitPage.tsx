// What some people are and do that others are and do not. The address holds whom, with whom, by what; every row is a door.

import { SwapOutlined } from '@ant-design/icons'
import { Alert, Button, Empty, Skeleton } from 'antd'
import { useCallback, useMemo } from 'react'
import { usePortrait } from '../api/portrait'
import { useAudiences } from '../api/queries'
import type { Portrait, PortraitCut, Workspace } from '../api/types'
import { Failure } from '../app/Failure'
import { usePageTitle } from '../app/usePageTitle'
import type { Json } from '../builder/tree'
import { allOf, whoseExpression, without } from '../builder/usual'
import { Count } from '../door/Count'
import { ExpressionPanel, type Door } from '../door/ExpressionPanel'
import { inSentence } from '../format/day'
import { useSpeech } from '../i18n'
import { WhoSelect } from '../view/Filters'
import { Provenance } from '../view/Provenance'
import { useAddress } from '../view/useAddress'
import { useView } from '../view/useView'
import { readWho, writeWho, type QueryChanges, type Who } from '../view/view'
import { ByField } from './ByField'
import { Dimension, QuietCuts } from './Dimension'
import { axisReach, cutOf, readOpen, readTexts, strongest, writeOpen, writeTexts, type Found, type Open } from './portrait'
import './portrait.css'
import { RowsChart, type Common } from './RowsChart'
import { useSpoken, type Spoken } from './useSpoken'

const STRONGEST = 10

export function PortraitPage({ workspace }: { workspace: Workspace }) {
  const { t } = useSpeech()
  usePageTitle(t('portrait.title'))
  const [query, setQuery] = useAddress()
  const { view } = useView(workspace)
  const audiences = useAudiences()
  const example = audiences.data?.[0]?.name
  const subject = useSubject(query.get('who'), example)
  const base = useMemo(() => readWho(query.get('base')), [query])
  const by = useMemo(() => readTexts(query.get('by')), [query])
  const cuts = useMemo(() => by.map(cutOf).filter((cut) => cut !== undefined), [by])
  const isSame = writeWho(subject) === writeWho(base)
  const portrait = usePortrait(subject, base, cuts, view.asOf, !audiences.isPending && !isSame)
  const spoken = useSpoken(view.asOf)
  const change = (changes: QueryChanges) => setQuery({ open: null, ...changes })
  const onOpen = useCallback((open: Open | undefined) => setQuery({ open: open ? writeOpen(open) : null }), [setQuery])
  const answer = isSame ? undefined : portrait.data
  const door = useDoor(answer, readOpen(query.get('open')), [subject, base], spoken, view.asOf)
  return (
    <div className={door ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <h1>{t('portrait.title')}</h1>
        <Provenance workspace={workspace} asOf={view.asOf} elapsed={answer?.elapsed_us} isUpdating={portrait.isPlaceholderData} />
        <p className="quiet">{t('portrait.intro')}</p>
        <div className="filters">
          <WhoSelect label={t('portrait.subject')} value={subject} onChange={(who) => change({ who: writeWho(who) })} />
          <Button className="swap" aria-label={t('portrait.swap')} title={t('portrait.swap')} icon={<SwapOutlined aria-hidden />} onClick={() => change({ who: writeWho(base), base: writeWho(subject) })} />
          <WhoSelect label={t('portrait.base')} value={base} onChange={(who) => change({ base: who.kind === 'everyone' ? null : writeWho(who) })} />
          <ByField value={by} onChange={(next) => change({ by: writeTexts(next), unfolded: null })} />
        </div>
        {isSame && !audiences.isPending && (
          <Empty className="card" description={<strong>{t('portrait.same')}</strong>}>
            <p className="quiet">{t('portrait.same_help')}</p>
            {example && (
              <Button type="primary" onClick={() => change({ who: writeWho({ kind: 'audience', name: example }), base: null })}>
                {t('portrait.example', { name: example })}
              </Button>
            )}
          </Empty>
        )}
        {portrait.error && !isSame && <Failure error={portrait.error} onRetry={() => void portrait.refetch()} />}
        {portrait.isPending && !portrait.error && !isSame && <Skeleton active className="card" />}
        {answer && !portrait.error && <Answer answer={answer} who={[subject, base]} spoken={spoken} isStale={portrait.isPlaceholderData} open={query.get('open') ?? undefined} onOpen={onOpen} unfolded={readTexts(query.get('unfolded'))} onUnfold={(list) => setQuery({ unfolded: writeTexts(list) }, { replace: true })} />}
      </div>
      {door && <ExpressionPanel key={`${query.get('open')} ${view.asOf} ${writeWho(subject)}`} door={door} asOf={view.asOf} onClose={() => onOpen(undefined)} />}
    </div>
  )
}

/** Whom the address says; at first the first audience, so that there is something to see. */
function useSubject(text: string | null, example: string | undefined): Who {
  return useMemo(() => (text === null && example !== undefined ? { kind: 'audience', name: example } : readWho(text)), [text, example])
}

interface Sayings {
  row: (found: Found) => string
  rest: (cut: PortraitCut) => string
  all: (who: Who) => string
  both: string
}

function useSayings(spoken: Spoken, subject: Who, base: Who, asOf: string): Sayings {
  const { t, language } = useSpeech()
  const date = inSentence(asOf, language)
  // What is saved under such a sentence must still say who "these people" were.
  const of = (said: string) => (subject.kind === 'expression' ? t('portrait.these', { said, told: spoken.told(subject) }) : said)
  return {
    row: ({ cut, row }) => of(t('portrait.said', { who: spoken.who(subject), cut: spoken.title(cut), value: spoken.value(cut, row.value), date })),
    rest: (cut) => of(t('portrait.said_rest', { who: spoken.who(subject), cut: spoken.title(cut), date })),
    all: (who) => (who.kind === 'expression' ? spoken.told(who) : t('portrait.said_who', { who: spoken.who(who), date })),
    both: of(t('portrait.said_both', { a: spoken.who(subject), b: spoken.who(base), date })),
  }
}

function useDoor(answer: Portrait | undefined, open: Open | undefined, [subject, base]: [Who, Who], spoken: Spoken, asOf: string): Door | undefined {
  const { t } = useSpeech()
  const sayings = useSayings(spoken, subject, base, asOf)
  if (!answer || !open) return undefined
  const { sizes, as_of: date } = answer
  switch (open.kind) {
    case 'subject':
    case 'base': {
      const who = open.kind === 'subject' ? subject : base
      return { expression: whoseExpression(who), said: sayings.all(who), name: `${spoken.who(who)} ${date}`, shown: sizes[open.kind] }
    }
    case 'both':
      return { expression: allOf([whoseExpression(subject), whoseExpression(base)]), said: sayings.both, name: `${t('portrait.title')} ${date}`, shown: sizes.both }
    default:
      return doorIn(answer, open, subject, sayings, spoken)
  }
}

function doorIn({ cuts, as_of: date }: Portrait, open: Open & { kind: 'rest' | 'row' }, subject: Who, sayings: Sayings, spoken: Spoken): Door | undefined {
  const cut = cuts.find(({ name }) => name === open.cut)
  if (!cut) return undefined
  if (open.kind === 'rest') {
    const listed = cut.rows.map(({ expression }) => expression as Json)
    return { expression: without(whoseExpression(subject), listed), said: sayings.rest(cut), name: `${spoken.title(cut)} – ${date}`, shown: cut.rest.subject }
  }
  const row = cut.rows.find(({ value }) => (value ?? null) === open.value)
  return row && { expression: row.expression as Json, said: sayings.row({ cut, row }), name: `${spoken.title(cut)} ${spoken.value(cut, row.value)} ${date}`, shown: row.subject }
}

interface AnswerProps {
  answer: Portrait
  who: [Who, Who]
  spoken: Spoken
  isStale: boolean
  open: string | undefined
  onOpen: (open: Open) => void
  unfolded: string[]
  onUnfold: (cuts: string[]) => void
}

function Answer({ answer, who, spoken, isStale, open, onOpen, unfolded, onUnfold }: AnswerProps) {
  const { t } = useSpeech()
  const sayings = useSayings(spoken, who[0], who[1], answer.as_of)
  const top = useMemo(() => strongest(answer.cuts, STRONGEST), [answer])
  const common: Common = { answer, spoken, said: sayings.row, saidRest: sayings.rest, open, onOpen, isStale, reach: useMemo(() => axisReach(answer.cuts), [answer]) }
  const all = answer.cuts.flatMap((cut) => cut.rows.map((row) => ({ cut, row })))
  const isTold = (cut: Portrait['cuts'][number]) => unfolded.includes(cut.name) || cut.rows.some(({ notable }) => notable)
  const told = answer.cuts.filter(isTold)
  const quiet = answer.cuts.filter((cut) => !isTold(cut))
  const fileName = `weir-portrait-${answer.as_of}`
  const notable = all.filter(({ row }) => row.notable).length
  return (
    <div className="portrait">
      <Sizes answer={answer} who={who} spoken={spoken} sayings={sayings} open={open} onOpen={onOpen} />
      {answer.warnings.length > 0 && <Alert type="warning" showIcon title={answer.warnings.map(({ message }) => message).join(' · ')} />}
      {answer.sizes.subject === 0 && <Alert type="info" showIcon title={t('portrait.nobody')} />}
      {answer.sizes.subject > 0 && top.length === 0 && <Alert type="info" showIcon title={t('portrait.alike', { n: all.length })} />}
      {top.length > 0 && (
        <RowsChart {...common} title={t('portrait.strongest')} rows={top} hasCuts all={all} fileName={fileName} hint={`${t('portrait.counted', { notable, n: all.length })} ${t('portrait.hint')}`} />
      )}
      {answer.sizes.subject > 0 && (
        <>
          {told.length > 0 && <h2>{t('portrait.each')}</h2>}
          {told.map((cut) => (
            <Dimension key={cut.name} {...common} cut={cut} fileName={fileName} isUnfolded={unfolded.includes(cut.name)} onFold={(isOpen) => onUnfold(isOpen ? [...unfolded, cut.name] : unfolded.filter((name) => name !== cut.name))} />
          ))}
          {quiet.length > 0 && <QuietCuts cuts={quiet} spoken={spoken} onUnfold={({ name }) => onUnfold([...unfolded, name])} />}
        </>
      )}
    </div>
  )
}

function Sizes({ answer: { sizes }, who, spoken, sayings, open, onOpen }: Pick<AnswerProps, 'answer' | 'who' | 'spoken' | 'open' | 'onOpen'> & { sayings: Sayings }) {
  const { t } = useSpeech()
  const door = (kind: 'subject' | 'base', whom: Who) => (
    <div className="portrait-size">
      <Count className="big" value={sizes[kind]} sentence={sayings.all(whom)} isOpen={open === kind} onOpen={() => onOpen({ kind })} testId={`size-${kind}`} />
      <span className="quiet">{spoken.told(whom)}</span>
    </div>
  )
  return (
    <section className="card portrait-sizes" aria-label={t('portrait.sizes')}>
      {door('subject', who[0])}
      <span className="quiet">{t('portrait.versus')}</span>
      {door('base', who[1])}
      <span className="quiet portrait-both">
        {t('portrait.both')} <Count value={sizes.both} isExact sentence={sayings.both} isOpen={open === 'both'} onOpen={() => onOpen({ kind: 'both' })} testId="size-both" />
      </span>
    </section>
  )
}
