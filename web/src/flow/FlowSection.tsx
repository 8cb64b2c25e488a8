// Flow between two dates: the picture and the matrix, over the same figures.

import { Alert } from 'antd'
import { ArrowRightOutlined } from '@ant-design/icons'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n'
import type { Section } from '../states/section'
import type { Day } from '../format/day'
import { DayPicker } from '../view/DayPicker'
import type { Flow } from './matrix'
import { CellSwitch } from './CellSwitch'
import { Matrix } from './Matrix'
import { SankeySection } from './SankeySection'

interface Props extends Section {
  flow: Flow | undefined
  error: Error | null
  isStale: boolean
  firstDay: Day | undefined
}

export function FlowSection({ flow, error, isStale, firstDay, ...section }: Props) {
  const { t } = useSpeech()
  const { view, change } = section
  return (
    <section aria-labelledby="flow-title">
      <div className="section-head">
        <h2 id="flow-title">{t('flow.title')}</h2>
        <FlowDates {...section} firstDay={firstDay} />
      </div>
      {view.from >= view.to && <Alert type="info" showIcon title={t('flow.same_day')} />}
      {error && <Failure error={error} />}
      {flow && view.from < view.to && (
        <div className={flow.states.length > 6 ? 'flow stacked' : 'flow'}>
          <SankeySection {...section} flow={flow} isStale={isStale} />
          <Matrix
            {...section}
            flow={flow}
            isStale={isStale}
            controls={<CellSwitch cell={view.cell} onChange={(cell) => change({ cell })} />}
          />
        </div>
      )}
    </section>
  )
}

function FlowDates({ view, change, firstDay }: Section & { firstDay: Day | undefined }) {
  const { t } = useSpeech()
  return (
    <div className="flow-dates">
      <DayPicker
        label={t('view.from')}
        value={view.from}
        presets={firstDay && firstDay < view.to ? [{ label: t('view.from_beginning'), value: firstDay }] : []}
        isDisabled={(day) => day >= view.to}
        onChange={(from) => change({ from, to: view.to })}
      />
      <ArrowRightOutlined aria-hidden />
      <DayPicker
        label={t('view.to')}
        value={view.to}
        presets={[{ label: t('view.as_of'), value: view.asOf }]}
        isDisabled={(day) => day <= view.from}
        onChange={(to) => change({ from: view.from, to })}
      />
    </div>
  )
}
