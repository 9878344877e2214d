import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'sharing'

export const holdDays = defineSetting({
  name: 'sharing.hold-days',
  group,
  schema: z.int().min(0).max(25),
  default: 7,
  unit: 'days',
  title: { zh: '分成持有期', en: 'Days shares are held after receipt' },
  help: {
    zh: '买家收货多少天后，分成可以分账或提现；合约另有约定时以合约为准。微信只在付款后 30 天内允许分账',
    en: 'How long after receipt a share is due, unless its contract says otherwise; WeChat splits only within 30 days of payment',
  },
  scopes: ['platform', 'shop'],
})

export const splitWindowDays = defineSetting({
  name: 'sharing.split-window-days',
  group,
  schema: z.int().min(1).max(180),
  default: 29,
  unit: 'days',
  title: { zh: '付款后多少天内分账', en: 'Days after payment within which orders are split' },
  help: {
    zh: '微信 30 天后自动解冻，之后不能再分账（平台收付通为 180 天）；超过的分成改为提现结算',
    en: 'WeChat unfreezes after 30 days by itself (180 in platform mode); what is later than this is paid on withdrawal',
  },
  scopes: ['platform', 'shop'],
})

export const splitTries = defineSetting({
  name: 'sharing.split-tries',
  group,
  schema: z.int().min(1).max(20),
  default: 3,
  unit: 'times',
  title: { zh: '分账失败自动重试次数', en: 'Tries of a split by itself' },
  help: {
    zh: '某个接收方分账失败后，换新单号再试多少次；之后等人处理',
    en: 'How often a receiver that failed is tried under new numbers before somebody has to look',
  },
  scopes: ['platform', 'shop'],
})

export const retrySplitSeconds = defineSetting({
  name: 'sharing.retry-seconds',
  group,
  schema: z.int().min(5).max(86_400),
  default: 60,
  unit: 'seconds',
  title: { zh: '分账查询与重试间隔', en: 'Seconds between asking about a split, and between tries' },
  help: {
    zh: '分账没有结果时隔多少秒再查询或再试，每次加倍，最长 1 小时',
    en: 'How soon an open split is asked for again or tried anew; doubles each time, one hour at most',
  },
  scopes: ['platform'],
})

export const giveUpDays = defineSetting({
  name: 'sharing.give-up-days',
  group,
  schema: z.int().min(0).max(25),
  default: 3,
  unit: 'days',
  title: { zh: '分账失败后等待处理的天数', en: 'Days failed splits wait for somebody' },
  help: {
    zh: '一直分不出去的分成，多少天后改为提现结算，并解冻订单剩余资金',
    en: 'After these, shares that could not be split are paid on withdrawal and the rest of the order is unfrozen',
  },
  scopes: ['platform', 'shop'],
})
