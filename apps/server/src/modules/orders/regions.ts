import { AppError } from '../../kernel/errors.ts'
import type { SkuForSale } from '../catalog/index.ts'
import { plainProvince } from '../pricing/index.ts'

const MOST_NAMED = 5

/** Whether goods may go to a province: those made for some regions go nowhere else (CAT-07). */
export function sellsIn({ exclusiveProvinces }: Pick<SkuForSale, 'exclusiveProvinces'>, province: string): boolean {
  if (exclusiveProvinces.length === 0) return true
  const wanted = plainProvince(province)
  return exclusiveProvinces.some((each) => plainProvince(each) === wanted)
}

/** Refuses goods that are not sold where they should go, by name, with the regions they are for. Undefined: all may go. */
export function regionRefusal(
  goods: readonly Pick<SkuForSale, 'skuId' | 'title' | 'exclusiveProvinces'>[],
  province: string,
): AppError | undefined {
  const outside = goods.filter((sku) => !sellsIn(sku, province))
  if (outside.length === 0) return undefined
  const titles = [...new Set(outside.map(({ title }) => `「${title}」`))]
  const more = titles.length > MOST_NAMED ? `等 ${titles.length} 种商品` : ''
  return new AppError('REGION_EXCLUSIVE', {
    values: {
      goods: `${titles.slice(0, MOST_NAMED).join('')}${more}`,
      regions: [...new Set(outside.flatMap(({ exclusiveProvinces }) => exclusiveProvinces))].join('、'),
      region: province,
    },
    data: { skuIds: outside.map(({ skuId }) => skuId) },
  })
}
