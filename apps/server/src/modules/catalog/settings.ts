import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'catalog'

export const minPictures = defineSetting({
  name: 'catalog.min-pictures',
  group,
  schema: z.int().min(0).max(30),
  default: 1,
  unit: 'pictures',
  title: { zh: '上架所需图片数', en: 'Pictures needed to publish' },
  help: { zh: '商品主图少于这个数量时不能上架', en: 'A product with fewer main pictures cannot be published' },
  scopes: ['platform', 'shop'],
})

export const importKeepDays = defineSetting({
  name: 'catalog.import-keep-days',
  group,
  schema: z.int().min(1).max(365),
  default: 30,
  unit: 'days',
  title: { zh: '导入记录保留天数', en: 'Days that imports are kept' },
  help: {
    zh: '超过这个天数的导入任务及其原始行会被清除，已导入的商品不受影响',
    en: 'Older imports and their rows are removed; the imported products stay',
  },
  scopes: ['platform', 'shop'],
})

export const importPrivateAddresses = defineSetting({
  name: 'catalog.import-private-addresses',
  group,
  schema: z.boolean(),
  default: false,
  title: { zh: '允许从内网地址下载图片', en: 'Fetch pictures from private addresses' },
  help: {
    zh: '导入时默认拒绝内网、本机地址的图片网址；只有图片服务器就在内网时才打开',
    en: 'Picture addresses in private networks are refused on import unless this is on',
  },
  scopes: ['platform'],
})
