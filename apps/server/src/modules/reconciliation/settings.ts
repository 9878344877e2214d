import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'reconciliation'

export const midnightMinutes = defineSetting({
  name: 'reconciliation.midnight-minutes',
  group,
  schema: z.int().min(0).max(720),
  default: 30,
  unit: 'minutes',
  title: { zh: '跨零点宽限', en: 'Minutes around midnight' },
  help: {
    zh: '零点前后多少分钟内的收付款，先等相邻一天的账单再判断是否缺失',
    en: 'What moved so close to midnight waits for the bill of the neighbouring day before it counts as missing',
  },
  scopes: ['platform', 'shop'],
})

export const retryBillMinutes = defineSetting({
  name: 'reconciliation.retry-minutes',
  group,
  schema: z.int().min(1).max(240),
  default: 10,
  unit: 'minutes',
  title: { zh: '账单重取间隔', en: 'Minutes between tries of a bill' },
  help: {
    zh: '微信账单还没生成或下载失败时，隔多少分钟再取（每次加倍，最长 4 小时）',
    en: 'How soon a bill that is not there yet or could not be had is asked for again; doubles, four hours at most',
  },
  scopes: ['platform'],
})
