// 页面框架。

import type { shell as en } from '../en/shell'

export const shell: Record<keyof typeof en, string> = {
  'nav.people': '人群',
  'nav.audiences': '人群',
  'nav.data': '数据',
  'nav.menu': '菜单',
  'palette.open': '前往…（⌘K）',
  'palette.title': '前往',
  'palette.search': '页面、人群或模型',
  'palette.pages': '页面',
  'palette.audiences': '人群',
  'palette.tracks': '追踪',
  'palette.models': '状态模型',
  'palette.none': '没有名为「{text}」的内容。',
  'palette.keys': '方向键选择，回车打开，Esc 关闭。',
  'palette.found': '{n, plural, =0 {没有结果} other {# 项}}',
}
