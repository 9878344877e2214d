import { createHash } from 'node:crypto'
import { IMPORT_FIELDS, type ImportField } from '@zhanggui/contract'

/** Column name → field. */
export type Mapping = Record<string, ImportField>

export const IMPORT_FIELD_NAMES = Object.keys(IMPORT_FIELDS) as ImportField[]

/** What the columns of real spreadsheets are called, in the form of `plainHeader`. The first in a list is our own. */
const SYNONYMS: Record<ImportField, readonly string[]> = {
  productCode:
    '商品编码 商品编号 商品货号 货号 款号 商品代码 商家编码 spu spu编码 spuid spucode 商品id productcode productid itemno'.split(
      ' ',
    ),
  title:
    '商品标题 标题 商品名称 商品名 名称 品名 产品名称 宝贝标题 宝贝名称 title name productname producttitle product'.split(
      ' ',
    ),
  subtitle: '副标题 商品副标题 卖点 商品卖点 短标题 subtitle sellingpoint'.split(' '),
  category:
    '一级类目 类目 商品类目 分类 商品分类 一级分类 大类 类别 品类 coarsecategory category cat categorypath'.split(' '),
  subcategory: '二级类目 二级分类 子类目 子分类 小类 finecategory subcategory'.split(' '),
  brand: '品牌 品牌名 品牌名称 brand brandname'.split(' '),
  attributes: '属性 商品属性 产品属性 参数 商品参数 产品参数 attributes attribute specs properties'.split(' '),
  tags: '标签 商品标签 tags tag labels'.split(' '),
  skuCode: 'sku编码 sku编号 sku sku代码 skuid skucode 规格编码 规格编号 商家sku编码 sku货号 sellersku'.split(' '),
  barcode: '条码 条形码 商品条码 商品条形码 69码 国际条码 barcode ean gtin upc'.split(' '),
  option1: '规格1 规格一 规格 规格值 销售属性 颜色 颜色分类 color colour option1 option variant'.split(' '),
  option2: '规格2 规格二 尺码 尺寸 size option2'.split(' '),
  price: '售价 价格 销售价 销售价格 商品价格 现价 单价 零售价 一口价 sku价格 price saleprice unitprice'.split(' '),
  listPrice: '划线价 市场价 原价 吊牌价 建议零售价 listprice marketprice originalprice msrp'.split(' '),
  cost: '成本价 成本 进货价 进价 采购价 供货价 cost costprice'.split(' '),
  weight: '重量 商品重量 毛重 weight'.split(' '),
  stock: '库存 库存数量 库存数 商品库存 可售库存 数量 stock inventory quantity qty'.split(' '),
  images:
    '图片 商品图片 主图 商品主图 图片地址 图片链接 图片网址 主图链接 images image pictures picture photo imageurl imageurls'.split(
      ' ',
    ),
  detail: '详情 商品详情 商品描述 描述 详情描述 detail details description'.split(' '),
  whiteImages: '白底图 白底图片 whiteimages whiteimage'.split(' '),
  sceneImages: '场景图 场景图片 sceneimages sceneimage'.split(' '),
  materialImages: '材质特写 材质图 细节图 materialimages'.split(' '),
  sizeImages: '尺寸图 尺码图 sizeimages'.split(' '),
  video: '视频 商品视频 主图视频 视频地址 video videourl'.split(' '),
  coreKeyword: '核心关键词 核心词 关键词 corekeyword keyword'.split(' '),
  role: '商品角色 角色 productrole role'.split(' '),
  tagValues: '场景标签 标签维度 维度标签 tagvalues tagdimensions'.split(' '),
}

const FIELD_OF = new Map<string, ImportField>()
for (const field of IMPORT_FIELD_NAMES) for (const name of SYNONYMS[field]) FIELD_OF.set(name, field)

/** A header without what people add to it: `* 售价（元）` → `售价`. */
export function plainHeader(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[(【[].*?[)】\]]/g, '')
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** The field that a column seems to hold. */
export const fieldOf = (header: string): ImportField | undefined => FIELD_OF.get(plainHeader(header))

/** A mapping by the columns' names; a field is proposed once, for the leftmost column that fits. */
export function proposeMapping(columns: readonly string[]): Mapping {
  const mapping: Mapping = {}
  const taken = new Set<ImportField>()
  for (const column of columns) {
    const field = fieldOf(column)
    if (field === undefined || taken.has(field)) continue
    taken.add(field)
    mapping[column] = field
  }
  return mapping
}

/** The same for files with the same columns in the same order. */
export function columnSignature(columns: readonly string[]): string {
  return createHash('sha256')
    .update(columns.map((column) => column.normalize('NFKC').trim()).join('\u001f'))
    .digest('hex')
}

const HEADER_SEARCH_ROWS = 10

/**
 * The row that names the columns: of the first rows the one with the most names that are known (spreadsheets often
 * begin with a title or a note), else the first that is not empty. −1 when all are empty.
 */
export function headerIndex(rows: readonly (readonly string[])[]): number {
  let best = -1
  let bestKnown = 0
  for (const [index, row] of rows.slice(0, HEADER_SEARCH_ROWS).entries()) {
    if (row.every((cell) => cell.trim() === '')) continue
    const known = new Set(row.map(fieldOf).filter((field) => field !== undefined)).size
    if (best >= 0 && known <= bestKnown) continue
    best = index
    bestKnown = known
  }
  return best
}

const MAX_COLUMN_NAME = 60

/** Names for all columns, each once: an empty one is called by its letter, a repeated one is numbered. */
export function columnNames(header: readonly string[], width: number): string[] {
  const seen = new Set<string>()
  return Array.from({ length: width }, (_, index) => {
    const plain =
      (header[index] ?? '').replace(/\s+/g, ' ').trim().slice(0, MAX_COLUMN_NAME) || `列 ${columnLetter(index)}`
    let name = plain
    for (let n = 2; seen.has(name); n++) name = `${plain} (${n})`
    seen.add(name)
    return name
  })
}

/** 0 → A, 25 → Z, 26 → AA. */
export function columnLetter(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : `${columnLetter(Math.floor(index / 26) - 1)}${letter}`
}
