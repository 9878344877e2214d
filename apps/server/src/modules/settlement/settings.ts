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

const withdrawal = 'withdrawal'

export const withdrawalMinFen = defineSetting({
  name: 'withdrawal.min-fen',
  group: withdrawal,
  schema: z.int().min(10).max(1_000_000),
  default: 100,
  unit: 'fen',
  title: { zh: '单笔提现下限', en: 'Smallest withdrawal' },
  help: { zh: '微信商家转账每笔最少 0.1 元', en: 'WeChat transfers ¥0.10 at least' },
  scopes: platform,
})

export const withdrawalMaxFen = defineSetting({
  name: 'withdrawal.max-fen',
  group: withdrawal,
  schema: z.int().min(100).max(100_000_000),
  default: 200_000,
  unit: 'fen',
  title: { zh: '单笔提现上限', en: 'Largest withdrawal' },
  help: {
    zh: '不要超过商户号在微信支付的单笔转账额度',
    en: 'Not more than WeChat Pay allows the merchant for one transfer',
  },
  scopes: platform,
})

export const withdrawalDayFen = defineSetting({
  name: 'withdrawal.day-fen',
  group: withdrawal,
  schema: z.int().min(100).max(1_000_000_000),
  default: 2_000_000,
  unit: 'fen',
  title: { zh: '每日提现上限', en: 'Withdrawn a day at most' },
  help: { zh: '每个收款方每天提现合计，按店铺时区', en: 'By each owner on a day in the shop’s time zone' },
  scopes: platform,
})

export const withdrawalFeeBp = defineSetting({
  name: 'withdrawal.fee-bp',
  group: withdrawal,
  schema: z.int().min(0).max(1_000),
  default: 0,
  unit: 'bp',
  title: { zh: '提现手续费', en: 'Fee of withdrawals' },
  help: { zh: '从提现金额中扣除', en: 'Taken out of the amount' },
  scopes: platform,
})

export const accountHoldHours = defineSetting({
  name: 'withdrawal.account-hold-hours',
  group: withdrawal,
  schema: z.int().min(0).max(240),
  default: 24,
  unit: 'hours',
  title: { zh: '更换收款账户后的保护期', en: 'Hours before a new payout account is used' },
  help: {
    zh: '更换收款账户后要等多久才能提现，防止账号被盗后钱被转走；第一次设置不用等',
    en: 'So that a stolen sign-in does not empty the account; the first one counts at once',
  },
  scopes: platform,
})

export const transferScene = defineSetting({
  name: 'withdrawal.transfer-scene',
  group: withdrawal,
  schema: z.string().regex(/^\d{4}$/),
  default: '1005',
  title: { zh: '商家转账场景编号', en: 'Scene of merchant transfers' },
  help: {
    zh: '微信支付给商户号开通的转账场景，佣金报酬是 1005',
    en: 'Granted by WeChat Pay to the merchant; 1005 is pay for work',
  },
  scopes: platform,
})

export const retryTransferSeconds = defineSetting({
  name: 'withdrawal.retry-seconds',
  group: withdrawal,
  schema: z.int().min(5).max(86_400),
  default: 60,
  unit: 'seconds',
  title: { zh: '提现结果查询间隔', en: 'Seconds between asking WeChat about a withdrawal' },
  help: {
    zh: '没有收到微信通知时，隔多少秒主动查询（每次加倍，最长 1 小时）',
    en: 'How soon WeChat is asked when no notification has come; doubles each time, one hour at most',
  },
  scopes: platform,
})

const freeze = 'freeze'

const clockOf = (name: string, zh: string, en: string, days: number) =>
  defineSetting({
    name: `freeze.${name}-days`,
    group: freeze,
    schema: z.int().min(1).max(180),
    default: days,
    unit: 'days',
    title: { zh, en },
    help: {
      zh: '到期自动解冻；需要更久的，到期前由平台决定延长',
      en: 'Released by itself then; the platform may prolong it before',
    },
    scopes: platform,
  })

/** The clock of a freeze by its case. */
export const FREEZE_DAYS = {
  routine: clockOf('routine', '一般案件冻结天数', 'Days of a routine freeze', 15),
  serious: clockOf('serious', '严重案件冻结天数', 'Days of a serious freeze', 30),
} as const

export const freezeProlongations = defineSetting({
  name: 'freeze.prolongations',
  group: freeze,
  schema: z.int().min(0).max(10),
  default: 2,
  unit: 'times',
  title: { zh: '冻结最多延长几次', en: 'A freeze is prolonged at most' },
  help: { zh: '每次延长最多一个冻结期', en: 'Each time by one clock at most' },
  scopes: platform,
})

export const freezeRemindDays = defineSetting({
  name: 'freeze.remind-days',
  group: freeze,
  schema: z.int().min(0).max(30),
  default: 3,
  unit: 'days',
  title: { zh: '冻结到期提前提醒', en: 'Reminder before a freeze ends' },
  help: { zh: '到期前几天提醒平台处理，0 为不提醒', en: 'Days before its end; 0 for none' },
  scopes: platform,
})
