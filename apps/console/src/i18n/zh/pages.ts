/** Designed pages of the storefront. */
export const pagesZh = {
  'settingGroup.pages': '店铺装修',
  'area.pages': '店铺装修',
} as const
