import { type Product, ROUTES } from '@zhanggui/contract'
import { expect, test } from 'vitest'
import { EMPTY_PRODUCT, inputOf, valuesOf } from './product-form.ts'

const id = (number: number) => `0199b1c2-0000-7000-8000-00000000000${number}`
const picture = (number: number) => ({ fileId: id(number), url: `/files/${number}`, width: 10, height: 10 })

const product = {
  id: id(1),
  shopId: id(2),
  state: 'draft',
  version: 3,
  title: '茶',
  subtitle: '',
  categoryId: null,
  brand: '',
  tags: ['新品'],
  attributes: [{ name: '产地', value: '福建' }],
  options: [{ name: '规格', values: ['大'] }],
  pictures: [
    { ...picture(3), kind: 'white', whiteEdgeBp: 9_900 },
    { ...picture(4), kind: 'main', whiteEdgeBp: null },
  ],
  video: { ...picture(7), durationMs: 12_000, poster: picture(8) },
  coreKeyword: '绿茶',
  detailDocument: null,
  detailFiles: [],
  tagValueIds: [id(9)],
  role: 'traffic',
  channelExclusive: true,
  exclusiveProvinces: ['福建省'],
  purchaseLimit: 3,
  detail: '第一段\n第二段',
  detailPictures: [],
  freightTemplateId: null,
  skus: [
    {
      id: id(5),
      code: 'T-1',
      barcode: '',
      optionValues: ['大'],
      priceFen: 990,
      listPriceFen: null,
      costFen: 500,
      weightGrams: 100,
      picture: picture(6),
      available: 4,
    },
  ],
  missing: [],
  createdAt: '2026-11-01T00:00:00.000Z',
  updatedAt: '2026-11-01T00:00:00.000Z',
} as unknown as Product

test('CAT-01 a product that is opened and saved unchanged keeps everything, SKU pictures too', () => {
  const input = inputOf(valuesOf(product), product)
  const parsed = ROUTES['console.updateProduct'].body.parse({ ...input, version: product.version })
  expect(parsed).toMatchObject({
    title: '茶',
    tags: ['新品'],
    pictureFileIds: [id(3), id(4)],
    pictureKinds: { [id(3)]: 'white', [id(4)]: 'main' },
    videoFileId: id(7),
    videoPosterFileId: id(8),
    coreKeyword: '绿茶',
    detail: '第一段\n第二段',
    detailDocument: null,
    tagValueIds: [id(9)],
    role: 'traffic',
    channelExclusive: true,
    exclusiveProvinces: ['福建省'],
    purchaseLimit: 3,
    skus: [{ id: id(5), code: 'T-1', priceFen: 990, costFen: 500, weightGrams: 100, pictureFileId: id(6) }],
  })
})

test('CAT-01 an empty editor is refused for its title, code and price, and for nothing else', () => {
  const result = ROUTES['console.createProduct'].body.safeParse(inputOf(EMPTY_PRODUCT, undefined))
  expect(result.error!.issues.map((issue) => issue.path.join('.')).sort()).toEqual([
    'skus.0.code',
    'skus.0.priceFen',
    'title',
  ])
})

test('CAT-01 a plain detail that is edited becomes a document', () => {
  const values = valuesOf(product)
  expect(values.detailDocument.blocks).toHaveLength(2)
  const blocks = [...values.detailDocument.blocks, { type: 'divider' as const }]
  expect(inputOf({ ...values, detailDocument: { blocks } }, product).detailDocument).toEqual({ blocks })
})
