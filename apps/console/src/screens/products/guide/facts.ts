import {
  type Category,
  type CompletenessFacts,
  detailFileIds,
  detailText,
  isTitleStandard,
  type TitleFacts,
  type TitleRules,
} from '@zhanggui/contract'
import type { ProductValues } from '../product-form.ts'

/** Names of the categories from the root to this one. */
export function namesOfPath(categories: readonly Category[], id: string | null): string[] {
  const byId = new Map(categories.map((category) => [category.id, category]))
  const names: string[] = []
  for (let each = id === null ? undefined : byId.get(id); each; ) {
    names.unshift(each.name)
    each = each.parentId === null ? undefined : byId.get(each.parentId)
  }
  return names
}

/** What the title's rules ask, from the editor's fields; a field may not be filled in yet. */
export function titleFactsOf(values: Partial<ProductValues>, categories: readonly Category[]): TitleFacts {
  return {
    title: values.title ?? '',
    brand: values.brand ?? '',
    coreKeyword: values.coreKeyword ?? '',
    attributes: filledIn(values),
    categoryPath: namesOfPath(categories, values.categoryId ?? null),
  }
}

/** What completeness asks, from the editor's fields. */
export function factsOf(
  values: Partial<ProductValues>,
  categories: readonly Category[],
  rules: TitleRules,
): CompletenessFacts {
  const document = values.detailDocument ?? { blocks: [] }
  return {
    pictures: values.pictures ?? [],
    hasVideo: Boolean(values.video),
    isTitleStandard: isTitleStandard(titleFactsOf(values, categories), rules),
    attributes: filledIn(values).length,
    detail: {
      characters: detailText(document).length,
      media: detailFileIds(document).length,
      hasTable: document.blocks.some(({ type }) => type === 'table'),
    },
  }
}

const filledIn = (values: Partial<ProductValues>) =>
  (values.attributes ?? []).filter((each) => (each?.value ?? '').trim() !== '' && (each?.name ?? '').trim() !== '')
