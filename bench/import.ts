/**
 * `npm run bench -- import [SKUs]`: how long an import of 10,000 SKUs takes from the upload to the last row, with
 * products, versions, events, search, opening stock in the ledger and categories: from a workbook
 * with four SKUs to a product, from CSV with one, and the same workbook once more, which changes nothing.
 */
import ExcelJS from 'exceljs'
import { systemClock } from '../apps/server/src/kernel/clock.ts'
import { migrate } from '../apps/server/src/kernel/migrate.ts'
import { doImport } from '../apps/server/src/modules/catalog/import/do-import.ts'
import { previewImport } from '../apps/server/src/modules/catalog/import/preview-import.ts'
import { runImport } from '../apps/server/src/modules/catalog/import/run-import.ts'
import { startImport } from '../apps/server/src/modules/catalog/import/start-import.ts'
import { findImport } from '../apps/server/src/modules/catalog/import/store-jobs.ts'
import { composeCatalog } from '../apps/server/src/modules/catalog/testing-world.ts'

const LIMIT_SECONDS = 30
const SKUS_OF_A_PRODUCT = 4
const HEADER = [
  '商品编码',
  '商品标题',
  '一级类目',
  '二级类目',
  '品牌',
  '属性',
  '标签',
  'SKU 编码',
  '规格1',
  '售价',
  '划线价',
  '重量',
  '库存',
  '详情',
]
const WORDS =
  '纯棉 夏季 新款 宽松 圆领 短袖 男女 情侣 百搭 透气 加厚 保暖 防水 便携 家用 儿童 学生 复古 简约 高级感'.split(' ')

// Payloads of events are checked against their schemas in development only, as in the program.
process.env.NODE_ENV = 'production'

const skus = Number(process.argv[2] ?? 10_000)
const adminUrl = process.env.DATABASE_ADMIN_URL
if (!adminUrl) throw new Error('DATABASE_ADMIN_URL is not set: run `npm run bench -- import`')
const { appUrl } = await migrate({ adminUrl, appPassword: 'bench-only' })
const world = await composeCatalog(appUrl, systemClock)

const bars = []
const workbook = await toWorkbook(rowsOf('X', SKUS_OF_A_PRODUCT))
const shopId = await world.openShop('bench')
bars.push(bar('xlsx', await timed('xlsx', workbook)))
const lines = rowsOf('C', 1).map((row) => row.join(','))
bars.push(bar('csv, one SKU each', await timed('csv, one SKU each', Buffer.from(lines.join('\n')))))
bars.push(bar('xlsx again', await timed('xlsx again', workbook)))
await world.close()
console.log(JSON.stringify({ bench: 'import', skus, bars }))
process.exit(bars.every(({ ok }) => ok) ? 0 : 1)

function rowsOf(prefix: string, skusOfAProduct: number): (string | number)[][] {
  const rows = Array.from({ length: skus }, (_, i) => {
    const product = Math.floor(i / skusOfAProduct)
    const word = (n: number) => WORDS[(product * 7 + n * 3) % WORDS.length]!
    return [
      `${prefix}-${product}`,
      `${word(1)}${word(2)}${word(3)}T恤${word(4)}${word(5)}上衣 ${prefix}${product}`,
      `类目${product % 12}`,
      `子类目${product % 60}`,
      `品牌${product % 40}`,
      `材质:棉;产地:中国;风格:${word(6)};货号:${prefix}${product}`,
      `${word(7)}、${word(8)}`,
      `${prefix}-${product}-${i % skusOfAProduct}`,
      `颜色:${['红', '蓝', '白', '黑'][i % skusOfAProduct]}`,
      (1990 + (i % 500)) / 100,
      99,
      200,
      20,
      `${word(9)}，${word(10)}，穿着舒适。`.repeat(3),
    ]
  })
  return [HEADER, ...rows]
}

async function toWorkbook(rows: (string | number)[][]): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  book.addWorksheet('商品').addRows(rows)
  return Buffer.from(await book.xlsx.writeBuffer())
}

async function timed(name: string, bytes: Buffer): Promise<number> {
  const by = { shopId, actor: { kind: 'staff', name: 'bench' } }
  const started = performance.now()
  const seconds = () => ((performance.now() - started) / 1000).toFixed(2)
  const job = await startImport(world.deps, by, `goods.${name.slice(0, 4)}`, bytes)
  const input = { mapping: job.mapping, options: job.options }
  const read = seconds()
  await previewImport(world.deps, shopId, job.id, input)
  const previewed = seconds()
  await runImport(world.deps, by, job.id, input)
  await doImport(world.deps, { shopId, importId: job.id }, new AbortController().signal)
  const { rows } = await check(job.id)
  console.log(`${name}: read ${read} s, previewed ${previewed} s, done ${seconds()} s; ${rows}`)
  return Number(seconds())
}

async function check(importId: string): Promise<{ rows: string }> {
  const job = await world.db.read({ shopId }, (tx) => findImport(tx, shopId, importId))
  if (job?.state !== 'done' || job.doneRows !== skus || job.refusedRows > 0)
    throw new Error(`Not as expected: ${JSON.stringify(job)}`)
  return { rows: `${job.doneRows} rows, ${job.createdProducts} products created, ${job.updatedProducts} updated` }
}

function bar(name: string, seconds: number) {
  return { name: `${name}, s`, value: seconds, limit: LIMIT_SECONDS, ok: seconds <= LIMIT_SECONDS }
}
