import { z } from 'zod'
import { Instant, PriceFen } from './common.ts'

/** Where a buyer comes through. A client says it in `x-channel`; otherwise a mini program is `mini` and a browser `h5`. */
export const CHANNELS = {
  mini: { zh: '小程序', en: 'Mini program' },
  h5: { zh: 'H5 商城', en: 'Web shop' },
  live: { zh: '直播间', en: 'Live room' },
  video: { zh: '视频号', en: 'Channels' },
  group: { zh: '社群', en: 'Groups' },
  store: { zh: '门店', en: 'Store' },
} as const
export type Channel = keyof typeof CHANNELS
export const ChannelName = z.enum(Object.keys(CHANNELS) as [Channel, ...Channel[]])

export const PRICE_KINDS = {
  base: { zh: '售价', en: 'Price' },
  region: { zh: '区域价', en: 'Region price' },
  channel: { zh: '渠道价', en: 'Channel price' },
  member: { zh: '会员价', en: 'Member price' },
  scheduled: { zh: '活动价', en: 'Scheduled price' },
} as const
export const PriceKind = z.enum(['base', 'region', 'channel', 'member', 'scheduled'])
export type PriceKind = z.infer<typeof PriceKind>
export const PriceRuleKind = PriceKind.exclude(['base'])
export type PriceRuleKind = z.infer<typeof PriceRuleKind>

/** `strike`: the former price, struck through; `drop`: by how much it went down. */
export const PriceDisplay = z.enum(['strike', 'drop'])
export type PriceDisplay = z.infer<typeof PriceDisplay>

/** Where a price that is shown comes from, and how long it holds. */
export const PriceTag = z
  .object({
    kind: PriceKind,
    label: z.string(),
    /** What it would cost here without the offer; null when there is no offer. */
    wasFen: PriceFen.nullable(),
    /** Of the offer that is in force. */
    startsAt: Instant.nullable(),
    endsAt: Instant.nullable(),
    upcoming: z
      .object({ label: z.string(), priceFen: PriceFen, startsAt: Instant, endsAt: Instant.nullable() })
      .nullable(),
    display: PriceDisplay,
    /** Until then nothing of this changes by itself; null: for ever. */
    nextChangeAt: Instant.nullable(),
  })
  .meta({ id: 'PriceTag' })
export type PriceTag = z.infer<typeof PriceTag>
