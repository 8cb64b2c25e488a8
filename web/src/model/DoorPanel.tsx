// The people behind whatever number of a model is open: a state, a rule, or cells of two models.

import { useMemo } from 'react'
import { useNavigate } from 'react-router'
import { useModelComparison, useModelDoor } from '../api/models'
import type { ModelCheck, State } from '../api/types'
import { useBase } from '../app/useBase'
import { PeoplePanel } from '../door/PeoplePanel'
import { sentence, suggestedName, type Setting } from '../door/sentence'
import { cellsSum, type Flow } from '../flow/matrix'
import { useSpeech } from '../i18n'
import { looks as looksOf, lookOf } from '../states/look'
import type { Cell, Selection } from '../view/selection'
import type { View } from '../view/view'
import type { Door, ModelRef, Opened } from './doors'
import { flowOf, NONE } from './rules'
import { useCellsSaid, type Side } from './SideBySide'
import { useRuleSaid } from './useRuleSaid'

interface Asked {
  states: readonly State[]
  model: ModelRef
  view: View
  setting: Setting
  check: ModelCheck | undefined
}

interface Props extends Asked {
  selection: Selection | undefined
  opened: Opened | undefined
  sides: { a: Side; b: Side } | undefined
  onClose: () => void
}

interface Opening {
  door: Door
  said: string
  name: string
  /** What the page says how many they are. */
  shown: number | undefined
}

export function DoorPanel(props: Props) {
  const { selection, opened, sides, view, setting, onClose } = props
  if (selection?.kind === 'flow') return sides ? <CellsPanel sides={sides} cells={selection.cells} view={view} setting={setting} onClose={onClose} /> : null
  if (selection?.kind === 'band') return <StatesPanel {...props} selection={selection} />
  return opened ? <RulePanel {...props} opened={opened} /> : null
}

/** What the numbers of the rules say. */
export function useSay(states: readonly State[], view: View, setting: Setting): (what: string[] | Opened) => string {
  const { t, language } = useSpeech()
  const rule = useRuleSaid()
  const looks = useMemo(() => looksOf(states, language), [states, language])
  return (what) => {
    if (Array.isArray(what)) return sentence({ kind: 'band', date: view.asOf, states: what }, setting)
    const when = states.find(({ name }) => name === what.state)?.when
    return t(`rules.said_${what.kind}`, { state: lookOf(looks, what.state).title, date: view.asOf, scope: setting.scope, rule: when ? rule(when) : '' })
  }
}

function StatesPanel({ states, model, view, setting, check, selection, onClose }: Asked & { selection: Selection & { kind: 'band' }; onClose: () => void }) {
  const say = useSay(states, view, setting)
  const decided = (state: string) => (state === NONE ? check?.none : check?.rules.find((rule) => rule.state === state)?.decided) ?? 0
  const opening: Opening = {
    door: { kind: 'decided', model, states: selection.states },
    said: say(selection.states),
    name: suggestedName(selection, setting),
    shown: check && selection.states.reduce((sum, state) => sum + decided(state), 0),
  }
  return <OpeningPanel opening={opening} view={view} model={model} onClose={onClose} />
}

function RulePanel({ states, model, view, setting, check, opened, onClose }: Asked & { opened: Opened; onClose: () => void }) {
  const { t } = useSpeech()
  const say = useSay(states, view, setting)
  const at = states.findIndex(({ name }) => name === opened.state)
  const rule = states[at]
  if (!rule) return null
  const by = states.slice(0, at).map(({ name }) => name)
  const opening: Opening = {
    door: opened.kind === 'matched' ? { kind: 'matched', rule } : { kind: 'taken', model, rule, by },
    said: say(opened),
    name: t(`rules.name_${opened.kind}`, { state: lookOf(setting.looks, rule.name).title, date: view.asOf }),
    shown: check?.rules.find(({ state }) => state === rule.name)?.[opened.kind],
  }
  return <OpeningPanel opening={opening} view={view} model={model} onClose={onClose} />
}

interface CellsProps {
  sides: { a: Side; b: Side }
  cells: Cell[]
  view: View
  setting: Setting
  onClose: () => void
}

function CellsPanel({ sides, cells, view, setting, onClose }: CellsProps) {
  const compared = useModelComparison(sides.a.model, sides.b.model, view).data
  const flow = useMemo(() => compared && flowOf(compared), [compared])
  return flow ? <FlowPanel sides={sides} cells={cells} view={view} setting={setting} flow={flow} onClose={onClose} /> : null
}

function FlowPanel({ sides: { a, b }, cells, view, setting, flow, onClose }: CellsProps & { flow: Flow }) {
  const { language } = useSpeech()
  const [looks, columnLooks] = [looksOf(a.states, language), looksOf(b.states, language)]
  const said = useCellsSaid({ a, b, flow, looks, columnLooks, view, scope: setting.scope })
  const [first] = cells
  const rest = cells.length > 1 ? ` +${cells.length - 1}` : ''
  const name = first ? `${lookOf(looks, first.from).title} → ${lookOf(columnLooks, first.to).title}${rest} ${view.asOf}` : view.asOf
  const opening: Opening = { door: { kind: 'cells', a: a.model, b: b.model, cells }, said: said(cells), name, shown: cellsSum(flow, cells) }
  return <OpeningPanel opening={opening} view={view} model={a.model} onClose={onClose} />
}

function OpeningPanel({ opening, view, model, onClose }: { opening: Opening; view: View; model: ModelRef; onClose: () => void }) {
  const base = useBase()
  const navigate = useNavigate()
  const people = useModelDoor(opening.door, view)
  const named = typeof model === 'string' ? { model } : undefined
  return (
    <PeoplePanel
      people={people}
      said={opening.said}
      name={opening.name}
      shown={opening.shown}
      onClose={onClose}
      onFollow={(who) => void navigate(`${base}/states?${new URLSearchParams({ who, as_of: view.asOf, ...named })}`)}
      lens={named && { ...named, scope: view.scope }}
    />
  )
}
