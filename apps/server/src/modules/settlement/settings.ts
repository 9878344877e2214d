import type { MerchantLevel } from '@zhanggui/contract'
import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'settlement'
const platform = ['platform'] as const

const LEVELS: Record<MerchantLevel, { zh: string; en: string; cycleDays: number; depositFen: number }> = {
  new: { zh: '新商家', en: 'a new merchant', cycleDays: 7, depositFen: 0 },
  steady: { zh: '成长商家', en: 'a steady merchant', cycleDays: 3, depositFen: 0 },
  trusted: { zh: '信赖商家', en: 'a trusted merchant', cycleDays: 1, depositFen: 0 },
}

const cycleOf = (level: MerchantLevel) =>
  defineSetting({
    name: `settlement.cycle-days-${level}`,
    group,
    schema: z.int().min(1).max(7),
    default: LEVELS[level].cycleDays,
    unit: 'days',
    title: { zh: `结算周期：${LEVELS[level].zh}（T+几）`, en: `Settlement cycle of ${LEVELS[level].en} (T+n)` },
    help: {
      zh: '订单完成后第几个工作日转为可提现，1 到 7；只影响之后结算的订单',
      en: 'Business days after completion until the money may be withdrawn; counts for orders settled later',
    },
    scopes: platform,
  })

/** T+1 … T+7 by the merchant's level. */
export const CYCLE_DAYS = { new: cycleOf('new'), steady: cycleOf('steady'), trusted: cycleOf('trusted') } as const

export const holdingDays = defineSetting({
  name: 'settlement.holding-days',
  group,
  schema: z.int().min(0).max(60),
  default: 0,
  unit: 'days',
  title: { zh: '售后保留期', en: 'Holding period' },
  help: {
    zh: '订单完成后先保留几天再开始计算结算周期，给售后留时间；0 为不保留',
    en: 'Days after completion before the cycle begins to count, so that returns come first; 0 for none',
  },
  scopes: platform,
})

export const releaseHour = defineSetting({
  name: 'settlement.release-hour',
  group,
  schema: z.int().min(0).max(23),
  default: 10,
  unit: 'hours',
  title: { zh: '每日结算时间（点）', en: 'Hour of the day at which money becomes available' },
  help: { zh: '到期当天几点转为可提现，按店铺时区', en: 'On the day it is due, in the shop’s time zone' },
  scopes: platform,
})

const days = z.array(z.iso.date()).max(400)

export const holidays = defineSetting({
  name: 'settlement.holidays',
  group,
  schema: days,
  default: [
    ...['2026-01-01', '2026-01-02', '2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20', '2026-02-23'],
    ...['2026-04-06', '2026-05-01', '2026-05-04', '2026-05-05', '2026-06-19', '2026-09-25'],
    ...['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'],
  ],
  title: { zh: '法定节假日', en: 'Public holidays' },
  help: {
    zh: '这些日子不算工作日（周六、周日本来就不算），每年公布后补上，格式 2026-10-01',
    en: 'Not business days, beside Saturdays and Sundays; add each year’s, as 2026-10-01',
  },
  scopes: platform,
})

export const workdays = defineSetting({
  name: 'settlement.workdays',
  group,
  schema: days,
  default: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  title: { zh: '调休上班日', en: 'Weekend days that are worked' },
  help: { zh: '周末但要上班的日子，算工作日', en: 'Saturdays and Sundays that count as business days' },
  scopes: platform,
})

const depositOf = (level: MerchantLevel) =>
  defineSetting({
    name: `settlement.deposit-fen-${level}`,
    group,
    schema: z.int().min(0).max(100_000_000),
    default: LEVELS[level].depositFen,
    unit: 'fen',
    title: { zh: `应缴保证金：${LEVELS[level].zh}`, en: `Deposit required of ${LEVELS[level].en}` },
    help: {
      zh: '保证金不足时不能提现；调高后由商家补足',
      en: 'While less is held nothing can be withdrawn',
    },
    scopes: platform,
  })

export const DEPOSIT_FEN = {
  new: depositOf('new'),
  steady: depositOf('steady'),
  trusted: depositOf('trusted'),
} as const

export const statementPeriod = defineSetting({
  name: 'settlement.statement-period',
  group,
  schema: z.enum(['day', 'week', 'month']),
  default: 'day',
  title: { zh: '结算单周期', en: 'A statement covers' },
  help: {
    zh: 'day 每天、week 每周（周一到周日）、month 每月出一张结算单；改动从下一张起生效',
    en: 'A day, a week from Monday, or a month; counts from the next statement on',
  },
  scopes: ['platform', 'shop'],
})

export const statementDelayHours = defineSetting({
  name: 'settlement.statement-delay-hours',
  group,
  schema: z.int().min(1).max(24),
  default: 1,
  unit: 'hours',
  title: { zh: '出账等待时间', en: 'A period is closed after' },
  help: {
    zh: '周期结束后等几小时再出结算单，让半夜还在进行的业务先记完',
    en: 'Hours after its end, so that what was under way at midnight is in the books first',
  },
  scopes: platform,
})
