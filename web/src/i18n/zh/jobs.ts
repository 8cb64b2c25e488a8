// 任务。

import type { jobs as en } from '../en/jobs'

export const jobs: Record<keyof typeof en, string> = {
  'nav.jobs': '任务',
  'jobs.title': '任务',
  'jobs.intro': '耗时的工作：导入，以及按计划计算的内容。取消的任务不会留下半成品。',
  'jobs.none': '还没有任务。',
  'jobs.id': '任务',
  'jobs.kind': '类型',
  'jobs.kind.import': '导入',
  'jobs.kind.refresh': '刷新',
  'jobs.kind.tag': '计算标签',
  'jobs.subject': '内容',
  'jobs.state': '状态',
  'jobs.state.running': '进行中',
  'jobs.state.done': '已完成',
  'jobs.state.failed': '失败',
  'jobs.state.cancelled': '已取消',
  'jobs.state.interrupted': '已中断',
  'jobs.progress': '进度',
  'jobs.of': '{stage} {done} / {total}',
  'jobs.so_far': '{stage} {done}',
  'jobs.started': '开始',
  'jobs.ended': '结束',
  'jobs.cancel': '取消',
  'jobs.cancel_one': '取消任务 {job}',
  'jobs.running': '{n, number} 个任务',
}
