import type { pagesZh } from '../zh/pages.ts'

/** Designed pages of the storefront. */
export const pagesEn: Record<keyof typeof pagesZh, string> = {
  'settingGroup.pages': 'Page design',
  'area.pages': 'Page design',
}
