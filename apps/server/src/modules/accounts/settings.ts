import { z } from 'zod'
import { defineSetting, type Wording } from '../../kernel/settings.ts'

/** Numbers of the operating guide for personal numbers (ACC-02); a shop may be more careful. */
const limit = (name: string, value: number, unit: string, title: Wording, help: Wording) =>
  defineSetting({
    name: `accounts.${name}`,
    group: 'accounts',
    schema: z.int().min(1).max(100_000_000),
    default: value,
    unit,
    title,
    help,
    scopes: ['platform', 'shop'],
  })

export const friendAddsWarn = limit(
  'friend-adds-warn',
  20,
  'times',
  { zh: '每日加好友提醒', en: 'Friends added a day: warning' },
  { zh: '个人号当天加好友达到这个数时提醒', en: 'A personal number is warned from this many on' },
)
export const friendAddsLimit = limit(
  'friend-adds-limit',
  50,
  'times',
  { zh: '每日加好友上限', en: 'Friends added a day: limit' },
  { zh: '超过后微信可能限制加好友', en: 'Beyond it WeChat may restrict the number' },
)
export const friendsLimit = limit(
  'friends-limit',
  5000,
  'people',
  { zh: '好友总数上限', en: 'Friends in all' },
  { zh: '个人号最多可加的好友数', en: 'What a personal number can hold' },
)
export const momentsWarn = limit(
  'moments-warn',
  3,
  'times',
  { zh: '每日朋友圈提醒', en: 'Moments a day: warning' },
  { zh: '当天发圈达到这个数时提醒', en: 'Warned from this many posts on' },
)
export const momentsLimit = limit(
  'moments-limit',
  5,
  'times',
  { zh: '每日朋友圈上限', en: 'Moments a day: limit' },
  { zh: '发得更多容易被好友屏蔽', en: 'More posts make friends mute the account' },
)
export const receiptLimitFen = limit(
  'receipt-limit-fen',
  5_000_000,
  'fen',
  { zh: '个人号单日收款上限', en: 'Received a day on a personal number' },
  { zh: '个人号高频大额收款可能触发风控', en: 'More may trigger risk control' },
)
export const warnAtBp = defineSetting({
  name: 'accounts.warn-at-bp',
  group: 'accounts',
  schema: z.int().min(1000).max(10_000),
  default: 8000,
  unit: 'bp',
  title: { zh: '好友总数与收款的提醒位置', en: 'Where friends and receipts warn' },
  help: { zh: '达到上限的这个比例时提醒', en: 'Warned from this part of the limit on' },
  scopes: ['platform', 'shop'],
})
export const refuseBeyond = defineSetting({
  name: 'accounts.refuse-beyond-limit',
  group: 'accounts',
  schema: z.boolean(),
  default: false,
  title: { zh: '超过上限时禁止登记', en: 'Refuse beyond the limit' },
  help: {
    zh: '关闭时提醒后仍可登记；打开后超过上限一律拒绝',
    en: 'Off: warned, then counted; on: what crosses a limit is refused',
  },
  scopes: ['platform', 'shop'],
})

export const attributionDays = limit(
  'attribution-days',
  30,
  'days',
  { zh: '来源有效天数', en: 'Days that a source counts' },
  {
    zh: '买家从某个账号进店后，这么多天内的订单算这个账号带来的；又从别的账号进店则以最后一次为准',
    en: 'Orders within so many days of coming through an account count as brought by it; the last account counts',
  },
)
export const visitsKeepDays = defineSetting({
  name: 'accounts.visits-keep-days',
  group: 'accounts',
  schema: z.int().min(30).max(1000),
  default: 400,
  unit: 'days',
  title: { zh: '账号访客保留天数', en: 'Days that visits of accounts are kept' },
  help: { zh: '更早的访客记录会删除，订单上的来源不受影响', en: 'Older visits are removed; orders keep their source' },
  scopes: ['platform'],
})
export const overlapHighBp = defineSetting({
  name: 'accounts.overlap-high-bp',
  group: 'accounts',
  schema: z.int().min(100).max(10_000),
  default: 3000,
  unit: 'bp',
  title: { zh: '矩阵受众重叠提醒', en: 'Overlap of audiences: warning' },
  help: {
    zh: '两个账号共同的买家占较小账号的比例达到这个数时提醒调整定位',
    en: 'From this part of the smaller audience on, shared buyers are a reason to set two accounts apart',
  },
  scopes: ['platform', 'shop'],
})
export const overlapLeastBuyers = limit(
  'overlap-least-buyers',
  20,
  'people',
  { zh: '判断重叠的最少买家数', en: 'Buyers needed to judge an overlap' },
  { zh: '较小的账号买家少于这个数时不提醒', en: 'With fewer in the smaller account nothing is said' },
)
export const overlapDays = limit(
  'overlap-days',
  90,
  'days',
  { zh: '重叠统计的天数', en: 'Days of the overlap' },
  { zh: '只看最近这么多天来过的买家', en: 'Only buyers who came within so many days' },
)
