// One rule, opened: what the state is called, its colour, and its conditions as a tree, as JSON or as YAML.

import { Input, Segmented, Select } from 'antd'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { Toolbar } from '../builder/Toolbar'
import { write, type Json } from '../builder/tree'
import { TreeView } from '../builder/TreeView'
import { useBuilder, type Builder } from '../builder/useBuilder'
import { useCounts } from '../builder/useCounts'
import { useNames } from '../builder/useNames'
import type { Day } from '../format/day'
import { useSpeech } from '../i18n'
import { Swatch } from '../states/Swatch'
import { SLOTS, type Slot } from '../theme/tokens'
import { Field } from '../view/Filters'
import type { DraftState } from './draft'

// YAML has a parser of its own to fetch.
const CodeTab = lazy(() => import('../builder/side/CodeTab').then((file) => ({ default: file.CodeTab })))

const WAYS = ['tree', 'json', 'yaml'] as const
type Way = (typeof WAYS)[number]

const NOBODY = new Map()
const LONGEST = 100

interface Props {
  state: DraftState
  asOf: Day
  /** Undo and redo of the whole model: there is one history, not one for each rule. */
  history: Pick<Builder, 'undo' | 'redo' | 'canUndo' | 'canRedo'>
  /** Whether the numbers of the tree are those of the page: of everyone, in the whole workspace. */
  isWhole: boolean
  onChange: (changes: Partial<DraftState>) => void
}

export function RuleEditor({ state, onChange, ...props }: Props) {
  return (
    <div className="editor rule-editor">
      <Labels state={state} onChange={onChange} />
      <Conditions {...props} when={state.when} onChange={(when) => onChange({ when })} />
    </div>
  )
}

function Labels({ state, onChange }: Pick<Props, 'state' | 'onChange'>) {
  const { t } = useSpeech()
  const field = (key: 'name' | 'title' | 'title_zh', label: string) => (
    <Field label={label}>
      <Input aria-label={label} maxLength={LONGEST} value={state[key]} onChange={({ target }) => onChange({ [key]: target.value })} />
    </Field>
  )
  const option = (slot: Slot) => ({
    value: slot === 'none' ? '' : slot,
    label: (
      <>
        <Swatch look={{ name: slot, title: '', slot, pattern: slot === 'none' ? 1 : 0, isHatched: false }} /> {t(`model_edit.slot.${slot}`)}
      </>
    ),
  })
  return (
    <div className="editor-fields">
      {field('title_zh', t('model_edit.title_zh'))}
      {field('title', t('model_edit.title_en'))}
      {field('name', t('model_edit.id'))}
      <Field label={t('model_edit.slot')}>
        <Select aria-label={t('model_edit.slot')} value={state.slot} options={SLOTS.map(option)} onChange={(slot: string) => onChange({ slot })} />
      </Field>
    </div>
  )
}

interface ConditionsProps extends Pick<Props, 'asOf' | 'history' | 'isWhole'> {
  when: Json
  onChange: (when: Json) => void
}

function Conditions({ when, asOf, history, isWhole, onChange }: ConditionsProps) {
  const { t } = useSpeech()
  const own = useBuilder(when)
  const builder: Builder = { ...own, ...history }
  const counts = useCounts(own.root, asOf)
  const names = useNames()
  const [way, setWay] = useState<Way>('tree')
  const [isAdding, setAdding] = useState(false)
  const reported = useRef(own.root)
  const { root } = own
  useEffect(() => {
    if (reported.current === root) return
    reported.current = root
    onChange(write(root))
  })
  return (
    <div className="builder">
      <div className="section-head">
        <Segmented
          aria-label={t('model_edit.way')}
          size="small"
          value={way}
          options={WAYS.map((value) => ({ value, label: t(value === 'tree' ? 'model_edit.way.tree' : `side.${value}`) }))}
          onChange={setWay}
        />
        {way === 'tree' && !isWhole && <span className="quiet">{t('model_edit.tree_counts')}</span>}
      </div>
      {way === 'tree' ? (
        <>
          <Toolbar builder={builder} own={undefined} isAdding={isAdding} setAdding={setAdding} />
          <TreeView builder={builder} counts={counts} names={names} asOf={asOf} verdicts={NOBODY} lit={undefined} onAdd={() => setAdding(true)} onJson={() => setWay('json')} />
        </>
      ) : (
        <Suspense fallback={null}>
          <CodeTab key={way} builder={builder} counts={counts} format={way} />
        </Suspense>
      )}
    </div>
  )
}
