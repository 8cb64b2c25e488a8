// Beside the tree: what comes out, why somebody is in or out, how it compares, and the expression itself.

import { Tabs } from 'antd'
import { lazy, Suspense } from 'react'
import type { Branch } from '../../api/types'
import type { Day } from '../../format/day'
import { useSpeech } from '../../i18n'
import type { Names } from '../grammar/names'
import type { Builder } from '../useBuilder'
import type { Counts } from '../useCounts'
import { CompareTab } from './CompareTab'
import { ResultTab } from './ResultTab'
import { VersionsTab } from './VersionsTab'
import { WhyTab } from './WhyTab'

// YAML has a parser of its own to fetch.
const CodeTab = lazy(() => import('./CodeTab').then((file) => ({ default: file.CodeTab })))

export const TABS = ['result', 'why', 'compare', 'json', 'yaml', 'versions'] as const
export type Tab = (typeof TABS)[number]

export interface SideProps {
  builder: Builder
  counts: Counts
  names: Names
  asOf: Day
  /** The name of the audience, or what it may be called. */
  name: string
}

interface Props extends SideProps {
  /** The name of the audience, unless it is new. */
  audience: string | undefined
  tab: Tab
  setTab: (tab: Tab) => void
  verdicts: ReadonlyMap<number, Branch>
  setVerdicts: (verdicts: ReadonlyMap<number, Branch>) => void
}

export function Side({ tab, setTab, verdicts, setVerdicts, audience, ...props }: Props) {
  const { t } = useSpeech()
  const content = {
    result: <ResultTab {...props} />,
    why: <WhyTab {...props} verdicts={verdicts} setVerdicts={setVerdicts} />,
    compare: <CompareTab {...props} />,
    json: <CodeTab {...props} format="json" />,
    yaml: <CodeTab {...props} format="yaml" />,
    versions: <VersionsTab {...props} audience={audience} />,
  }
  return (
    <aside className="panel side" aria-label={t('side.label')} data-testid="side">
      <Tabs
        activeKey={tab}
        onChange={(key) => setTab(key as Tab)}
        destroyOnHidden
        size="small"
        tabBarGutter={12}
        items={TABS.map((key) => ({ key, label: t(`side.${key}`), children: <Suspense fallback={null}>{content[key]}</Suspense> }))}
      />
    </aside>
  )
}
