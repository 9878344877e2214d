import { z } from 'zod'
import { fen } from './money.ts'
import { ALL_PERMISSIONS } from './permissions.ts'

/** Upper case is taken and made lower, as PostgreSQL writes it. */
export const Id = z.uuid().toLowerCase().meta({ id: 'Id', description: 'UUIDv7' })
/** An instant in UTC, ISO 8601 with milliseconds. */
export const Instant = z.iso.datetime({ offset: true }).meta({ id: 'Instant' })
export const BusinessDay = z.iso.date().meta({ id: 'BusinessDay', description: "A day in the shop's time zone" })
/** A whole number of fen. */
export const FenAmount = z
  .int()
  .min(-1_000_000_000_00)
  .max(1_000_000_000_00)
  .transform(fen)
  .meta({ id: 'Fen', description: 'Money in fen (1/100 yuan)' })
export const PriceFen = z.int().min(0).max(10_000_000_00).transform(fen).meta({ id: 'PriceFen' })
export const Quantity = z.int().min(1).max(9999)
export const PermissionName = z.enum(ALL_PERMISSIONS as [string, ...string[]])

export const text = (max: number, min = 1) => z.string().trim().min(min).max(max)
export const optionalText = (max: number) => z.string().trim().max(max).default('')

/**
 * A place on our own site to send a browser back to. No second slash, no backslash and no white space: browsers
 * read `/\\host` and `/<tab>/host` as another site.
 */
export const OwnPath = z
  .string()
  .max(500)
  .regex(/^\/(?!\/)[!-[\]-~\u00a0-\uffff]*$/, '只能返回本站的页面')

/** Ids in an address, with commas between. */
export const idList = (most: number, maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .transform((ids) => ids.split(',').filter(Boolean))
    .pipe(z.array(Id).max(most))

export const ShopParams = z.object({ shopId: Id })
export const shopParams = <T extends z.ZodRawShape>(shape: T) => z.object({ shopId: Id, ...shape })

/** Keyset paging: pass the cursor of the previous answer to go on. */
export const PageQuery = z.object({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item).max(100), nextCursor: z.string().nullable() })

export const Ok = z.object({ ok: z.literal(true) })

/** Province, city, district, street of a Chinese address; codes are GB/T 2260 where known. */
export const Region = z.object({
  province: text(40),
  city: text(40),
  district: optionalText(40),
  street: optionalText(60),
})

export const MobilePhone = z
  .string()
  .trim()
  .regex(/^1[3-9]\d{9}$/, '请输入 11 位手机号')
  .meta({ id: 'MobilePhone' })

export const Address = z
  .object({ name: text(30), phone: MobilePhone, ...Region.shape, detail: text(120) })
  .meta({ id: 'Address' })
export type Address = z.infer<typeof Address>

/** A picture: take `url` with `?w=200|400|800|1080` for a variant in a modern format. */
export const Picture = z
  .object({ fileId: Id, url: z.string().max(500), width: z.int().nullable(), height: z.int().nullable() })
  .meta({ id: 'Picture' })
export type Picture = z.infer<typeof Picture>
