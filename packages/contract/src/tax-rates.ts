import { z } from 'zod'
import { BusinessDay, Id, Instant, Ok, ShopParams, shopParams } from './common.ts'
import { routes } from './route.ts'

export const MAX_TAX_RATES = 500

/** VAT in basis points: 1300 is 13 %. */
export const TaxRateBp = z.int().min(0).max(2000)

/** A VAT rate from a day on: of a category and what is below it, or of all goods (null). */
export const TaxRate = z
  .object({
    id: Id,
    categoryId: Id.nullable(),
    categoryPath: z.array(z.string()),
    fromDay: BusinessDay,
    rateBp: TaxRateBp,
    createdAt: Instant,
    createdBy: z.string(),
  })
  .meta({ id: 'TaxRate' })
export type TaxRate = z.infer<typeof TaxRate>

const Rates = z.object({
  /** Of what no rate names: the setting. */
  defaultBp: TaxRateBp,
  items: z.array(TaxRate).max(MAX_TAX_RATES),
})

const ROOT = '/api/console/shops/:shopId/tax-rates'

export const taxRateRoutes = routes({
  'console.taxRates': {
    method: 'GET',
    path: ROOT,
    summary: 'VAT rates that differ from the shop’s setting, by day and category',
    access: { audience: 'staff', permission: 'money.read' },
    params: ShopParams,
    response: Rates,
  },
  'console.setTaxRate': {
    method: 'PUT',
    path: ROOT,
    summary: 'The VAT rate of a category or of all goods from a day on; replaces the one of that day',
    access: { audience: 'staff', permission: 'settings.write' },
    params: ShopParams,
    body: z.object({ categoryId: Id.nullable().default(null), fromDay: BusinessDay, rateBp: TaxRateBp }),
    response: Rates,
    errors: ['NOT_FOUND', 'LIMIT_REACHED'],
  },
  'console.removeTaxRate': {
    method: 'DELETE',
    path: `${ROOT}/:taxRateId`,
    summary: 'Take a VAT rate away; what it was for has the one before again',
    access: { audience: 'staff', permission: 'settings.write' },
    params: shopParams({ taxRateId: Id }),
    response: Ok,
    errors: ['NOT_FOUND'],
  },
})
