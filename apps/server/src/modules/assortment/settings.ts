import { PRODUCT_ROLES, type ProductRole } from '@zhanggui/contract'
import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { defineSetting, type Setting, type Settings } from '../../kernel/settings.ts'

const group = 'assortment'
const scopes = ['platform', 'shop'] as const

interface Targets {
  turnoverPerMonthCenti: number
  marginBp: number
  refundRateBp: number
}

const NAMES: Record<ProductRole, { zh: string; en: string }> = {
  traffic: { zh: '引流', en: 'traffic items' },
  custom: { zh: '定制', en: 'custom goods' },
  regular: { zh: '常规', en: 'regular goods' },
  exclusive: { zh: '专供', en: 'exclusive goods' },
}

/** Turnover of 2.8 a month, 1.2 a quarter, 0.6 a month; margins and refund rates as the operating guide has them. */
const DEFAULTS: Record<ProductRole, Targets> = {
  traffic: { turnoverPerMonthCenti: 280, marginBp: 1_200, refundRateBp: 2_100 },
  custom: { turnoverPerMonthCenti: 40, marginBp: 3_800, refundRateBp: 800 },
  regular: { turnoverPerMonthCenti: 60, marginBp: 2_500, refundRateBp: 1_500 },
  exclusive: { turnoverPerMonthCenti: 60, marginBp: 5_000, refundRateBp: 1_500 },
}

const target = (
  role: ProductRole,
  what: string,
  value: number,
  max: number,
  unit: string,
  title: { zh: string; en: string },
): Setting<number> =>
  defineSetting({
    name: `assortment.${role}-${what}`,
    group,
    schema: z.int().min(0).max(max),
    default: value,
    unit,
    title: { zh: `${NAMES[role].zh}商品：${title.zh}`, en: `${title.en} of ${NAMES[role].en}` },
    help: {
      zh: '商品角色报表用它来判断达标与否',
      en: 'The report of product roles judges by it',
    },
    scopes: [...scopes],
  })

const targets = PRODUCT_ROLES.map((role) => {
  const defaults = DEFAULTS[role]
  return [
    role,
    {
      turnoverPerMonthCenti: target(role, 'turnover', defaults.turnoverPerMonthCenti, 100_000, 'centi-turns', {
        zh: '月周转次数目标',
        en: 'Turnover a month',
      }),
      marginBp: target(role, 'margin', defaults.marginBp, 10_000, 'bp', { zh: '毛利率目标', en: 'Least margin' }),
      refundRateBp: target(role, 'refund-rate', defaults.refundRateBp, 10_000, 'bp', {
        zh: '退款率上限',
        en: 'Highest refund rate',
      }),
    },
  ] as const
})

export const exclusiveShare = defineSetting({
  name: 'assortment.channel-exclusive-share',
  group,
  schema: z.int().min(0).max(10_000),
  default: 2_000,
  unit: 'bp',
  title: { zh: '微信渠道独家商品占比', en: 'Share of goods sold in WeChat only' },
  help: { zh: '在售商品中微信独家商品应占的比例', en: 'Of the products on sale' },
  scopes: [...scopes],
})

export const exclusiveMargin = defineSetting({
  name: 'assortment.channel-exclusive-margin',
  group,
  schema: z.int().min(0).max(10_000),
  default: 5_000,
  unit: 'bp',
  title: { zh: '微信渠道独家商品毛利率', en: 'Margin of goods sold in WeChat only' },
  help: { zh: '独家商品应达到的毛利率', en: 'What such goods should earn' },
  scopes: [...scopes],
})

/** What the shop expects of each role. */
export async function roleTargets(settings: Settings, shopId: string, tx: Tx): Promise<Record<ProductRole, Targets>> {
  const entries: [ProductRole, Targets][] = []
  for (const [role, each] of targets)
    entries.push([
      role,
      {
        turnoverPerMonthCenti: await settings.get(each.turnoverPerMonthCenti, { shopId }, tx),
        marginBp: await settings.get(each.marginBp, { shopId }, tx),
        refundRateBp: await settings.get(each.refundRateBp, { shopId }, tx),
      },
    ])
  return Object.fromEntries(entries) as Record<ProductRole, Targets>
}
