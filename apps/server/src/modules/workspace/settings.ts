import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

export const exportMaxRows = defineSetting({
  name: 'workspace.export-max-rows',
  schema: z.int().min(100).max(1_000_000),
  default: 100_000,
  unit: 'rows',
  title: { zh: '单次导出行数上限', en: 'Rows in one export' },
  help: {
    zh: '列表导出到这个行数为止，文件末尾会注明；数据更多时请缩小筛选范围分批导出',
    en: 'A list is exported up to this many rows, and the file says so at its end; narrow the filter down for more',
  },
  scopes: ['platform', 'shop'],
  group: 'workspace',
})

export const exportLinkMinutes = defineSetting({
  name: 'workspace.export-link-minutes',
  schema: z.int().min(1).max(1440),
  default: 30,
  unit: 'minutes',
  title: { zh: '导出链接有效期', en: 'How long an export can be fetched' },
  help: {
    zh: '导出后，只有导出人本人可在这段时间内下载文件',
    en: 'Only whoever asked for an export can fetch its file, and only this long',
  },
  scopes: ['platform', 'shop'],
  group: 'workspace',
})

export const searchTimeoutMs = defineSetting({
  name: 'workspace.search-timeout-ms',
  schema: z.int().min(100).max(5000),
  default: 800,
  unit: 'milliseconds',
  title: { zh: '全局搜索等待时间', en: 'How long the console’s search waits' },
  help: {
    zh: '搜索时，超过这个时间没有返回的分类先不显示，避免一处慢拖慢全部',
    en: 'What has not answered in this time is left out, so that one slow place does not hold up the others',
  },
  scopes: ['platform'],
  group: 'workspace',
})

export const exportStepUpRows = defineSetting({
  name: 'workspace.step-up-rows',
  schema: z.int().min(1).max(1_000_000),
  default: 1000,
  unit: 'rows',
  guarded: true,
  title: { zh: '批量导出需验证', en: 'Exports that ask for verification' },
  help: {
    zh: '导出超过这个行数，或带完整个人信息时，导出人要先验证身份',
    en: 'Who exports more rows than this, or personal data in full, proves who they are first',
  },
  scopes: ['platform', 'shop'],
  group: 'workspace',
})
