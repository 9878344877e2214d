import type { Readable } from 'node:stream'
import { IMPORT_FIELDS, type ImportField } from '@zhanggui/contract'
import { localDay } from '../../../kernel/days.ts'
import { csvStream } from '../../../kernel/write-csv.ts'
import { type SheetColumn, xlsxStream } from '../../../kernel/write-xlsx.ts'
import type { CatalogDeps } from '../deps.ts'
import { IMPORT_FIELD_NAMES } from '../import/columns.ts'
import { type ExportFilter, type ExportRow, exportRows } from './export-rows.ts'

export type ExportFormat = 'csv' | 'csv-gb18030' | 'xlsx'

/** A file to download. */
export interface Download {
  name: string
  contentType: string
  body: Readable
}

export const CSV_TYPE = 'text/csv; charset=utf-8'
const GB18030_TYPE = 'text/csv; charset=gb18030'
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const WIDTHS: Partial<Record<ImportField, number>> = { title: 40, attributes: 40, images: 30, detail: 30, subtitle: 24 }
const FORMATS: Partial<Record<ImportField, string>> = {
  price: '0.00',
  listPrice: '0.00',
  cost: '0.00',
  weight: '0',
  stock: '0',
}

const NOTES: Partial<Record<ImportField, string>> = {
  productCode: '同一商品的各个 SKU 填写相同的编码',
  title: '必填，最多 120 个字符',
  category: '不存在的类目会自动创建；多级可写作：服饰 > 女装',
  attributes: '名称:值;名称:值',
  skuCode: '店铺内唯一；已存在的编码会更新该 SKU',
  option1: '如 颜色:红色',
  option2: '如 尺码:XL',
  price: '单位元，最多两位小数',
  stock: '新 SKU 的期初库存；已有 SKU 的库存请用盘点修改',
  images: '网址，或与表格一起压缩的图片文件名；多张用分号隔开',
  whiteImages: '这一类图片的全部；没写在「图片」里的排在后面。其他类别相同',
  video: '网址，或与表格一起压缩的视频文件名；H.264，不超过 50 MB',
  role: '引流、定制、常规、专供',
  tagValues: '场景:露营、野餐;季节:夏。先在「场景标签」页添加',
}

const SHEET_COLUMNS: SheetColumn[] = IMPORT_FIELD_NAMES.map((field) => ({
  title: IMPORT_FIELDS[field].zh,
  width: WIDTHS[field] ?? 16,
  format: FORMATS[field] ?? '@',
  ...(NOTES[field] === undefined ? {} : { note: NOTES[field] }),
}))

/** Products and SKUs as a spreadsheet that can be imported again. */
export function exportProducts(
  deps: CatalogDeps,
  shopId: string,
  filter: ExportFilter,
  format: ExportFormat,
): Download {
  const pages = cellsOf(exportRows(deps, shopId, filter))
  const day = localDay(deps.clock.instant())
  const name = `商品-${day}`
  if (format === 'xlsx')
    return { name: `${name}.xlsx`, contentType: XLSX_TYPE, body: xlsxStream('商品', SHEET_COLUMNS, pages) }
  const header = SHEET_COLUMNS.map(({ title }) => title)
  const gb18030 = format === 'csv-gb18030'
  return {
    name: `${name}.csv`,
    contentType: gb18030 ? GB18030_TYPE : CSV_TYPE,
    body: csvStream(header, pages, gb18030 ? 'gb18030' : 'utf-8'),
  }
}

async function* cellsOf(pages: AsyncIterable<ExportRow[]>): AsyncGenerator<(string | number)[][]> {
  for await (const rows of pages) yield rows.map((row) => IMPORT_FIELD_NAMES.map((field) => row[field]))
}

const EXAMPLE: ExportRow = {
  productCode: 'P-1001',
  title: '示例：纯棉圆领短袖 T 恤',
  subtitle: '透气不闷热',
  category: '服饰',
  subcategory: '男装 > T 恤',
  brand: '掌柜',
  attributes: '材质:棉;适用季节:夏季',
  tags: '新品、夏季',
  skuCode: 'P-1001-R-L',
  barcode: '6901234567892',
  option1: '颜色:红色',
  option2: '尺码:L',
  price: 59.9,
  listPrice: 99,
  cost: 25,
  weight: 200,
  stock: 100,
  images: '',
  detail: '亲肤面料，四季可穿。',
  whiteImages: '',
  sceneImages: '',
  materialImages: '',
  sizeImages: '',
  video: '',
  coreKeyword: '短袖',
  role: '常规',
  tagValues: '',
}

/** An empty spreadsheet with all columns, explained, and one example. */
export function importTemplate(): Download {
  async function* rows() {
    yield [IMPORT_FIELD_NAMES.map((field) => EXAMPLE[field])]
  }
  return { name: '商品导入模板.xlsx', contentType: XLSX_TYPE, body: xlsxStream('商品', SHEET_COLUMNS, rows()) }
}
