// The parts of ECharts that the console draws with. Loaded when the first chart is shown.

import { BarChart, CustomChart, LineChart, SankeyChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, registerTheme, use as register } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { chartTheme } from './theme'

register([BarChart, CustomChart, LineChart, SankeyChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer])
registerTheme('light', chartTheme('light'))
registerTheme('dark', chartTheme('dark'))

export { init }
