import type { NoticeKind } from '@zhanggui/contract'
import { z } from 'zod'
import { defineSetting, type Setting } from '../../kernel/settings.ts'
import { FACTS, readFields } from './rules.ts'

const group = 'notifications'

interface Words {
  name: string
  zh: string
  en: string
  fields: string
}

const WORDS: Record<NoticeKind, Words> = {
  'order-shipped': {
    name: 'order-shipped',
    zh: '发货通知',
    en: 'Order shipped',
    fields: 'character_string1=订单号 thing2=商品名称 thing3=快递公司 character_string4=快递单号 time5=发货时间',
  },
  'parcel-news': {
    name: 'parcel-news',
    zh: '物流动态',
    en: 'Parcel on its way',
    fields: 'character_string1=订单号 thing2=状态 thing3=说明 time4=时间',
  },
  'pick-up': {
    name: 'pick-up',
    zh: '取货通知',
    en: 'Ready for pick-up',
    fields: 'character_string1=订单号 thing2=商品名称 thing3=状态 thing4=说明',
  },
  'order-news': {
    name: 'order-news',
    zh: '订单进展',
    en: 'Order news',
    fields: 'character_string1=订单号 thing2=状态 thing3=说明 time4=时间',
  },
  'review-wanted': {
    name: 'review-wanted',
    zh: '评价提醒',
    en: 'Review wanted',
    fields: 'character_string1=订单号 thing2=商品名称 thing3=备注',
  },
  'refund-done': {
    name: 'refund-done',
    zh: '退款通知',
    en: 'Refund done',
    fields: 'character_string1=订单号 amount2=退款金额 phrase3=退款状态 thing4=备注',
  },
  aftersale: {
    name: 'aftersale',
    zh: '售后进展',
    en: 'After-sale news',
    fields: 'character_string1=订单号 thing2=状态 thing3=说明 time4=时间',
  },
  restock: {
    name: 'restock',
    zh: '到货提醒',
    en: 'Back in stock',
    fields: 'thing1=商品名称 amount2=价格 thing3=备注',
  },
}

export interface TemplateSettings {
  templateId: Setting<string>
  fields: Setting<string>
}

function define(kind: NoticeKind): TemplateSettings {
  const { name, zh, en, fields } = WORDS[kind]
  return {
    templateId: defineSetting({
      name: `notifications.${name}-template`,
      group,
      schema: z
        .string()
        .trim()
        .max(64)
        .regex(/^[\w-]*$/, '模板 ID 由字母、数字、_ 和 - 组成'),
      default: '',
      title: { zh: `${zh}：订阅消息模板 ID`, en: `${en}: id of the subscribe message template` },
      help: {
        zh: '在微信公众平台「订阅消息」中选用模板后得到；留空则不向买家请求、也不发送',
        en: 'From the subscribe messages of the mini program’s back office; empty asks for and sends nothing',
      },
      scopes: ['platform', 'shop'],
    }),
    fields: defineSetting({
      name: `notifications.${name}-fields`,
      group,
      schema: z
        .string()
        .trim()
        .max(400)
        .superRefine((text, context) => {
          const read = readFields(kind, text)
          if (typeof read === 'string') context.addIssue({ code: 'custom', message: read })
        }),
      default: fields,
      title: { zh: `${zh}：模板字段`, en: `${en}: fields of the template` },
      help: {
        zh: `模板中的关键词与内容的对应，用空格隔开；可用的内容：${FACTS[kind].join('、')}`,
        en: `Keys of the template and what stands there, separated by spaces; known: ${FACTS[kind].join(', ')}`,
      },
      scopes: ['platform', 'shop'],
    }),
  }
}

/** What must be set for each kind before a message can be sent. */
export const TEMPLATES: Record<NoticeKind, TemplateSettings> = {
  'order-shipped': define('order-shipped'),
  'parcel-news': define('parcel-news'),
  'pick-up': define('pick-up'),
  'order-news': define('order-news'),
  'review-wanted': define('review-wanted'),
  'refund-done': define('refund-done'),
  aftersale: define('aftersale'),
  restock: define('restock'),
}

export const programState = defineSetting({
  name: 'notifications.program-state',
  group,
  schema: z.enum(['formal', 'trial', 'developer']),
  default: 'formal',
  title: { zh: '消息打开的小程序版本', en: 'Version of the mini program that messages open' },
  help: {
    zh: 'formal 正式版、trial 体验版、developer 开发版；上线前可用体验版测试',
    en: 'formal, trial or developer; use trial to test before a release',
  },
  scopes: ['platform', 'shop'],
})

export const mostTries = defineSetting({
  name: 'notifications.most-tries',
  group,
  schema: z.int().min(1).max(20),
  default: 8,
  unit: 'times',
  title: { zh: '消息最多尝试发送次数', en: 'How often a message is tried' },
  help: {
    zh: '微信繁忙或超出频率时隔一段时间再发（每次加倍，最长 1 小时），到次数后放弃',
    en: 'When WeChat is busy a message is tried again after growing pauses, this often in all',
  },
  scopes: ['platform'],
})
