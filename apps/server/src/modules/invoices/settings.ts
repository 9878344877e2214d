import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'invoices'
const scopes = ['platform', 'shop'] as const

export const enabled = defineSetting({
  name: 'invoices.enabled',
  group,
  schema: z.boolean(),
  default: true,
  title: { zh: '买家可以申请发票', en: 'Buyers may ask for invoices' },
  help: { zh: '打开后付过款的订单里有「申请发票」', en: 'Paid orders have a way to ask for an invoice' },
  scopes,
})

export const askDays = defineSetting({
  name: 'invoices.ask-days',
  group,
  schema: z.int().min(1).max(3650),
  default: 365,
  unit: 'days',
  title: { zh: '订单完成后可申请天数', en: 'Days after completion to ask' },
  help: { zh: '订单完成后多少天内可以申请发票', en: 'How long after completion an invoice may be asked for' },
  scopes,
})

export const special = defineSetting({
  name: 'invoices.special',
  group,
  schema: z.boolean(),
  default: false,
  title: { zh: '可以开专用发票', en: 'Special VAT invoices' },
  help: {
    zh: '一般纳税人才打开；关闭时买家只能申请普通发票',
    en: 'For general taxpayers; otherwise only ordinary ones',
  },
  scopes,
})

export const note = defineSetting({
  name: 'invoices.note',
  group,
  schema: z.string().max(200),
  default: '发票金额为实付金额减去已退款，一般 3 个工作日内开出',
  title: { zh: '发票说明', en: 'Note on invoices' },
  help: { zh: '显示在买家申请发票的页面', en: 'Shown where buyers ask for an invoice' },
  scopes,
})
