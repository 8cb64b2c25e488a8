// One rule of a model in the editor: its place, its sentence, whom it decides now; opened, its fields.

import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { RuleCheck } from '../api/types'
import { Failure } from '../app/Failure'
import { Count } from '../door/Count'
import { useSpeech } from '../i18n'
import { lookOf, type Looks } from '../states/look'
import { Swatch } from '../states/Swatch'
import type { DraftState } from './draft'
import type { Opened } from './doors'
import { useRuleSaid } from './useRuleSaid'

interface Props {
  state: DraftState
  /** From 0. */
  at: number
  of: number
  rule: RuleCheck | undefined
  looks: Looks
  isOpen: boolean
  isStale: boolean
  /** What the server says is wrong with this rule. */
  error: Error | undefined
  say: (what: string[] | Opened) => string
  onToggle: () => void
  onMove: (by: 1 | -1) => void
  onRemove: () => void
  onDecided: () => void
  onOpen: (opened: Opened) => void
  children: React.ReactNode
}

export function RuleCard(props: Props) {
  const { t } = useSpeech()
  const said = useRuleSaid()
  const { state, at, of, looks, isOpen, error, onToggle, onMove, onRemove } = props
  const n = String(at + 1)
  const look = lookOf(looks, state.name)
  const button = (key: 'up' | 'down' | 'remove', icon: React.ReactNode, onClick: () => void, isDisabled: boolean) => (
    <Button type="text" size="small" disabled={isDisabled} aria-label={t(`model_edit.${key}`, { n })} title={t(`model_edit.${key}`, { n })} icon={icon} onClick={onClick} />
  )
  return (
    <li className={isOpen ? 'rule-card open' : 'rule-card'}>
      <div className="rule-head">
        <span className="rule-number quiet">{n}</span>
        <button type="button" className="link-button rule-open" aria-expanded={isOpen} aria-label={t('model_edit.open', { n, state: look.title })} onClick={onToggle}>
          <Swatch look={look} /> <strong>{look.title}</strong>
          <span className="said-cell">{said(state.when)}</span>
        </button>
        <Figures {...props} />
        <span className="rule-buttons">
          {button('up', <ArrowUpOutlined aria-hidden />, () => onMove(-1), at === 0)}
          {button('down', <ArrowDownOutlined aria-hidden />, () => onMove(1), at === of - 1)}
          {button('remove', <DeleteOutlined aria-hidden />, onRemove, of === 1)}
        </span>
      </div>
      {error && <Failure error={error} />}
      {isOpen && props.children}
    </li>
  )
}

function Figures({ state, rule, isStale, say, onDecided, onOpen }: Props) {
  const { t } = useSpeech()
  if (!rule) return <span className="quiet rule-figures">–</span>
  const { decided, matched, taken } = rule
  const part = (kind: Opened['kind'], value: number) => (
    <Count value={value} isExact sentence={say({ kind, state: state.name })} onOpen={() => onOpen({ kind, state: state.name })} testId={`${kind}-${state.name}`} />
  )
  return (
    <span className={['rule-figures', isStale && 'held', decided === 0 && 'emptied'].filter(Boolean).join(' ')} title={decided === 0 && matched > 0 ? t('rules.too_low') : undefined}>
      <Count value={decided} isExact sentence={say([state.name])} onOpen={onDecided} className="rule-decided" testId={`decided-${state.name}`} />
      <span className="quiet">
        {t('rules.matched')} {part('matched', matched)}
        {taken > 0 && (
          <>
            {' · '}
            {t('rules.taken')} {part('taken', taken)}
          </>
        )}
      </span>
    </span>
  )
}
