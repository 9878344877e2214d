import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { ImportField, ImportJob } from '@zhanggui/contract'
import ExcelJS from 'exceljs'
import { zipSync } from 'fflate'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../../kernel/db.ts'
import { newId } from '../../../kernel/ids.ts'
import { exportProducts } from '../export/export-products.ts'
import { exportRefusals } from '../export/export-refusals.ts'
import { importPrivateAddresses, minPictures } from '../settings.ts'
import { callRoute, openTestCatalog, samplePicture } from '../testing.ts'
import { doImport } from './do-import.ts'
import { startImport } from './start-import.ts'

let world: Awaited<ReturnType<typeof openTestCatalog>>
let shops = 0

beforeAll(async () => {
  world = await openTestCatalog()
})
afterAll(() => world.close())

const newShop = () => world.openShop(`import-${++shops}`)
const by = (shopId: string) => ({ shopId, actor: { kind: 'staff', name: '王店长' } })
const upload = (shopId: string, bytes: Buffer | string, name = 'goods.csv') =>
  startImport(world.deps, by(shopId), name, Buffer.from(bytes as string))
const OPTIONS: ImportJob['options'] = { publish: false, defaultPriceFen: null, defaultStock: null, warehouseId: null }
const call = (route: 'console.runImport', shopId: string, job: ImportJob, options: object = {}) =>
  callRoute(world.catalog.handlers, route, {
    params: { shopId, importId: job.id },
    body: { mapping: job.mapping, options: { ...OPTIONS, ...options } as never },
  })
const look = (shopId: string, id: string) =>
  callRoute(world.catalog.handlers, 'console.import', { params: { shopId, importId: id } })
const refusals = async (shopId: string, id: string) =>
  (
    await callRoute(world.catalog.handlers, 'console.importRefusals', {
      params: { shopId, importId: id },
      query: { limit: 100 },
    })
  ).items
/** As a user does: upload, run with the proposed mapping, wait. */
async function importAll(shopId: string, bytes: Buffer | string, options: object = {}, name?: string) {
  const job = await upload(shopId, bytes, name)
  await call('console.runImport', shopId, job, options)
  await world.jobs.runNow()
  return look(shopId, job.id)
}
const listed = (shopId: string, query: object = {}) =>
  callRoute(world.catalog.handlers, 'console.products', { params: { shopId }, query: { limit: 100, ...query } })
const count = (shopId: string, table: 'products' | 'skus' | 'product_versions' | 'import_rows') =>
  world.db.read({ shopId }, async (tx) => {
    const queries = {
      products: sql`select count(*) as n from products where shop_id = ${shopId}`,
      skus: sql`select count(*) as n from skus where shop_id = ${shopId}`,
      product_versions: sql`select count(*) as n from product_versions where shop_id = ${shopId}`,
      import_rows: sql`select count(*) as n from import_rows where shop_id = ${shopId}`,
    }
    return (await tx.one<{ n: number }>(queries[table])).n
  })
const units = (shopId: string) =>
  world.db.read({ shopId }, async (tx) => {
    const ids = await tx.rows<{ id: string }>(sql`select id from skus where shop_id = ${shopId}`)
    const available = await world.stock.available(
      tx,
      shopId,
      ids.map(({ id }) => id),
    )
    return [...available.values()].reduce((sum, each) => sum + each, 0)
  })
const sheet = (rows: number, prefix = 'S') =>
  `标题,一级类目,SKU编码,售价,库存\r\n${Array.from({ length: rows }, (_, i) => `商品 ${prefix}${i},类目${i % 7},${prefix}-${i},${i + 1}.5,2\r\n`).join('')}`
async function workbook(
  rows: (string | number | null)[][],
  change?: (sheet: ExcelJS.Worksheet) => void,
): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  const hidden = book.addWorksheet('说明', { state: 'hidden' })
  hidden.addRow(['这一页是隐藏的'])
  const page = book.addWorksheet('商品')
  for (const row of rows) page.addRow(row)
  change?.(page)
  return Buffer.from(await book.xlsx.writeBuffer())
}

describe('CAT-01 import of spreadsheets', () => {
  test('CAT-01 columns are proposed, preview says what would be, good rows go in and bad rows are reported', async () => {
    const shopId = await newShop()
    const text =
      '商品名称,类目,价格,库存,备注\n杯子,餐具 > 杯,9.9,5,x\n盘子,餐具,abc,1,\n,餐具,5,1,\n勺子,餐具,3,-1,\n碗,餐具,8,,\n'
    const job = await upload(shopId, text)
    expect(job).toMatchObject({
      state: 'mapping',
      encoding: 'UTF-8',
      columns: ['商品名称', '类目', '价格', '库存', '备注'],
      mapping: { 商品名称: 'title', 类目: 'category', 价格: 'price', 库存: 'stock' },
      mappingRemembered: false,
      totalRows: 5,
    })
    const preview = await callRoute(world.catalog.handlers, 'console.previewImport', {
      params: { shopId, importId: job.id },
      body: { mapping: job.mapping, options: OPTIONS },
    })
    expect(preview).toMatchObject({ goodRows: 2, badRows: 3 })
    expect(preview.products.map(({ title, category }) => [title, category])).toEqual([
      ['杯子', '餐具 / 杯'],
      ['碗', '餐具'],
    ])
    expect(await count(shopId, 'products')).toBe(0)
    const done = await importAll(shopId, text)
    expect(done).toMatchObject({ state: 'done', doneRows: 5, createdProducts: 2, updatedProducts: 0, refusedRows: 3 })
    expect(await refusals(shopId, done.id)).toEqual([
      { line: 3, column: '价格', value: 'abc', reason: expect.any(String) },
      { line: 4, column: '商品名称', value: '', reason: '新商品缺少标题' },
      { line: 5, column: '库存', value: '-1', reason: expect.any(String) },
    ])
    expect(await units(shopId)).toBe(5)
    const file = (await buffer((await exportRefusals(world.deps, shopId, done.id)).body)).toString('utf8')
    expect(file.startsWith('\ufeff商品名称,类目,价格,库存,备注,原因\r\n盘子,餐具,abc,1,,')).toBe(true)
    const corrected = file.replace('abc', '4').replace('-1', '1').replace('\r\n,餐具', '\r\n叉子,餐具')
    expect(await importAll(shopId, corrected)).toMatchObject({ createdProducts: 3, refusedRows: 0 })
  })

  test('CAT-01 the mapping is remembered for files with the same columns', async () => {
    const shopId = await newShop()
    const job = await upload(shopId, '甲,乙\n杯子,5\n')
    expect(job.mapping).toEqual({})
    const mapping: Record<string, ImportField> = { 甲: 'title', 乙: 'price' }
    const run = (body: object) =>
      callRoute(world.catalog.handlers, 'console.runImport', {
        params: { shopId, importId: job.id },
        body: body as never,
      })
    await expect(run({ mapping: {}, options: OPTIONS })).rejects.toThrow(/至少要有一列/)
    await expect(run({ mapping: { ...mapping, 丙: 'brand' }, options: OPTIONS })).rejects.toThrow(/没有「丙」/)
    await run({ mapping, options: OPTIONS })
    await world.jobs.runNow()
    expect(await look(shopId, job.id)).toMatchObject({ state: 'done', createdProducts: 1 })
    expect(await upload(shopId, '甲,乙\n盘子,6\n')).toMatchObject({ mapping, mappingRemembered: true })
    await expect(run({ mapping, options: OPTIONS })).rejects.toMatchObject({ code: 'IMPORT_STATE' })
  })

  test('CAT-01 CSV in GB18030 and UTF-16, tabs and quotes with line ends are read', async () => {
    const shopId = await newShop()
    const text = '标题\t售价\t详情\n𠮷野家"丼"\t10\t"第一行\n第二行"\n'
    for (const [encoding, name] of [
      ['gb18030', 'GB18030'],
      ['utf-16le', 'UTF-16LE'],
    ] as const) {
      const bytes = iconv.encode(text, encoding, { addBOM: encoding === 'utf-16le' })
      const job = await upload(shopId, bytes)
      expect(job.encoding).toBe(name)
      expect(job.sample).toEqual([['𠮷野家"丼"', '10', '第一行\n第二行']])
    }
  })

  test('CAT-01 a workbook: hidden sheet, note above the header, merged cells, numbers, formulas and rich text', async () => {
    const shopId = await newShop()
    const bytes = await workbook(
      [
        ['2026 秋季新品'],
        ['商品编码', '商品标题', '规格1', 'SKU 编码', '条码', '售价（元）', '重量(kg)'],
        ['P9', null, '颜色:红', 'P9-R', 6901234567892, 19.9, 0.5],
        [null, null, '颜色:蓝', 'P9-B', null, null, 0.25],
      ],
      (page) => {
        page.getCell('B3').value = { richText: [{ text: '加厚' }, { font: { bold: true }, text: '外套' }] }
        page.getCell('F4').value = { formula: 'F3+0.1', result: 20.000000000000004 }
        page.mergeCells('A3:A4')
        page.mergeCells('B3:B4')
      },
    )
    const job = await importAll(shopId, bytes, {}, 'goods.xlsx')
    expect(job).toMatchObject({ sheet: '商品', state: 'done', createdProducts: 1, refusedRows: 0, totalRows: 2 })
    const [row] = (await listed(shopId)).items
    const product = await callRoute(world.catalog.handlers, 'console.product', {
      params: { shopId, productId: row!.id },
    })
    expect(product.title).toBe('加厚外套')
    expect(
      product.skus.map(({ code, barcode, priceFen, weightGrams }) => [code, barcode, priceFen, weightGrams]),
    ).toEqual([
      ['P9-R', '6901234567892', 1990, 500],
      ['P9-B', '', 2000, 250],
    ])
  })

  test('CAT-01 what is not a spreadsheet is refused in words', async () => {
    const shopId = await newShop()
    await expect(upload(shopId, '')).rejects.toThrow(/空/)
    await expect(upload(shopId, Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), 'a.xls')).rejects.toThrow(/\.xls/)
    await expect(upload(shopId, Buffer.from('PK\u0003\u0004nonsense'))).rejects.toMatchObject({
      code: 'IMPORT_UNREADABLE',
    })
    await expect(upload(shopId, '标题,价格\n')).rejects.toThrow(/没有数据/)
    await expect(upload(shopId, await samplePicture(1))).rejects.toMatchObject({ code: 'IMPORT_UNREADABLE' })
    const two = zipSync({ 'a.csv': Buffer.from('标题\n1'), 'b.csv': Buffer.from('标题\n1') })
    await expect(upload(shopId, Buffer.from(two), 'a.zip')).rejects.toThrow(/有且只有一个表格/)
    const bomb = zipSync({ 'a.csv': Buffer.alloc(40_000_000, 'a') }, { level: 9 })
    expect(bomb.length).toBeLessThan(100_000)
    await expect(upload(shopId, Buffer.from(bomb), 'a.zip')).rejects.toThrow(/压缩比异常/)
  })

  test('CAT-01 rows whose SKU code exists update it; importing the same file again changes nothing', async () => {
    const shopId = await newShop()
    expect(await importAll(shopId, sheet(30))).toMatchObject({ createdProducts: 30 })
    const versions = await count(shopId, 'product_versions')
    expect(await importAll(shopId, sheet(30))).toMatchObject({ createdProducts: 0, updatedProducts: 0, refusedRows: 0 })
    expect(await count(shopId, 'product_versions')).toBe(versions)
    expect(await units(shopId)).toBe(60)
    expect(await importAll(shopId, 'SKU编码,售价\nS-3,99\nS-4,5.5\n')).toMatchObject({ updatedProducts: 1 })
  })
})

describe('CAT-01 imports side by side, crashes and cancelling', () => {
  test('CAT-01 two imports of the same file and a run started twice bring everything in once', async () => {
    const shopId = await newShop()
    const [a, b] = [await upload(shopId, sheet(700)), await upload(shopId, sheet(700))]
    await call('console.runImport', shopId, a)
    await call('console.runImport', shopId, a)
    await call('console.runImport', shopId, b)
    const signal = new AbortController().signal
    const refs = [a, a, b, b].map(({ id }) => ({ shopId, importId: id }))
    await Promise.all(refs.map((ref) => doImport(world.deps, ref, signal)))
    const ended = [await look(shopId, a.id), await look(shopId, b.id)]
    expect(ended.map(({ state, doneRows }) => [state, doneRows])).toEqual([
      ['done', 700],
      ['done', 700],
    ])
    expect(ended[0]!.createdProducts + ended[1]!.createdProducts).toBe(700)
    expect(await count(shopId, 'skus')).toBe(700)
    expect(await units(shopId)).toBe(1400)
    await world.jobs.runNow()
  })

  test('CAT-01 an import that dies in the middle of a chunk goes on where it was, nothing twice', async () => {
    const shopId = await newShop()
    const job = await upload(shopId, sheet(1200, 'K'))
    await call('console.runImport', shopId, job)
    // Dies inside its second chunk: everything of that chunk is written, nothing of it is committed.
    let chunks = 0
    const receive = world.deps.stock.receive
    world.deps.stock.receive = async (tx, receipt) => {
      await receive(tx, receipt)
      if (++chunks === 2) throw new Error('the machine is gone')
    }
    await expect(doImport(world.deps, { shopId, importId: job.id }, new AbortController().signal)).rejects.toThrow(
      'gone',
    )
    world.deps.stock.receive = receive
    const halfway = await look(shopId, job.id)
    expect(halfway).toMatchObject({ state: 'running', doneRows: 500, createdProducts: 500 })
    expect(await count(shopId, 'skus')).toBe(500)
    await world.jobs.runNow()
    expect(await look(shopId, job.id)).toMatchObject({
      state: 'done',
      doneRows: 1200,
      createdProducts: 1200,
      refusedRows: 0,
    })
    expect(await count(shopId, 'skus')).toBe(1200)
    expect(await count(shopId, 'product_versions')).toBe(1200)
    expect(await count(shopId, 'import_rows')).toBe(0)
    expect(await units(shopId)).toBe(2400)
  })

  test('CAT-01 an import whose process is killed in the middle of a chunk is finished by another, nothing twice', async () => {
    const shopId = await newShop()
    const job = await upload(shopId, sheet(1100, 'D'))
    await call('console.runImport', shopId, job)
    const child = fork(new URL('./testing-worker.ts', import.meta.url), [world.database.appUrl, shopId, job.id])
    const [text] = await once(child, 'message')
    expect(text).toBe('stuck')
    child.kill('SIGKILL')
    await once(child, 'exit')
    await expect.poll(async () => (await look(shopId, job.id)).doneRows).toBe(500)
    await world.jobs.runNow()
    expect(await look(shopId, job.id)).toMatchObject({ state: 'done', doneRows: 1100, createdProducts: 1100 })
    expect(await count(shopId, 'skus')).toBe(1100)
    expect(await count(shopId, 'product_versions')).toBe(1100)
    expect(await units(shopId)).toBe(2200)
  })

  test('CAT-01 an import whose worker is lost is woken, an upload that was cut off is failed', async () => {
    const shopId = await newShop()
    const job = await upload(shopId, sheet(3, 'W'))
    const cut = await upload(shopId, sheet(3, 'W'))
    await call('console.runImport', shopId, job)
    await world.db.tx('system', async (tx) => {
      await tx.exec(sql`delete from pgboss.job where name = 'catalog.import'`)
      await tx.exec(sql`update import_jobs set state = 'reading' where id = ${cut.id}`)
    })
    world.clock.advance(11 * 60_000)
    expect(await world.jobs.runDue()).toContain('catalog.sweep-imports')
    await world.jobs.runNow()
    expect((await look(shopId, job.id)).state).toBe('done')
    expect(await look(shopId, cut.id)).toMatchObject({ state: 'failed', failure: expect.stringContaining('重新上传') })
  })

  test('CAT-01 a cancelled import keeps what is in and can be taken up again with the same mapping', async () => {
    const shopId = await newShop()
    const job = await upload(shopId, sheet(600, 'C'))
    await call('console.runImport', shopId, job)
    const controller = new AbortController()
    const receive = world.deps.stock.receive
    world.deps.stock.receive = async (tx, receipt) => {
      await receive(tx, receipt)
      controller.abort()
    }
    expect(await doImport(world.deps, { shopId, importId: job.id }, controller.signal)).toBe(true)
    world.deps.stock.receive = receive
    const cancelled = await callRoute(world.catalog.handlers, 'console.cancelImport', {
      params: { shopId, importId: job.id },
    })
    expect(cancelled).toMatchObject({ state: 'cancelled', doneRows: 500 })
    await world.jobs.runNow()
    expect(await count(shopId, 'products')).toBe(500)
    await expect(call('console.runImport', shopId, job, { publish: true })).rejects.toThrow(/已导入一部分/)
    await call('console.runImport', shopId, job)
    await world.jobs.runNow()
    expect(await look(shopId, job.id)).toMatchObject({ state: 'done', createdProducts: 600 })
  })

  test('CAT-01 an editor that takes a code while the import runs costs the import nothing but that row', async () => {
    const shopId = await newShop()
    const job = await upload(shopId, sheet(50, 'R'))
    await call('console.runImport', shopId, job)
    const edit = callRoute(world.catalog.handlers, 'console.createProduct', {
      params: { shopId },
      body: { title: '抢先', skus: [{ code: 'R-7', priceFen: 1 as never }] },
    }).catch((error) => expect(error).toMatchObject({ code: 'DUPLICATE' }))
    await Promise.all([doImport(world.deps, { shopId, importId: job.id }, new AbortController().signal), edit])
    expect(await look(shopId, job.id)).toMatchObject({ state: 'done', doneRows: 50, refusedRows: 0 })
    expect(await count(shopId, 'skus')).toBe(50)
    await world.jobs.runNow()
  })

  test('CAT-01 old imports are dropped after the days that the shop keeps them', async () => {
    const shopId = await newShop()
    const done = await importAll(shopId, sheet(2, 'O'))
    world.clock.advance(31 * 86_400_000)
    const fresh = await upload(shopId, sheet(2, 'O'))
    await world.jobs.runDue()
    await expect(look(shopId, done.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await look(shopId, fresh.id)).state).toBe('mapping')
    expect(await count(shopId, 'products')).toBe(2)
  })
})

describe('CAT-01 pictures', () => {
  test('CAT-01 pictures in the zip are found by name, also by one that Windows wrote in GB18030; missing ones are reported', async () => {
    const shopId = await newShop()
    const files = {
      'goods.csv': Buffer.from(
        '标题,类目,价格,图片\n杯子,餐具,5,红杯.png;b.png\n盘子,餐具,6,没有.png\n碗,餐具,7,b.png\n',
      ),
      'pics/红杯.png': await samplePicture(500),
      'pics/B.png': await samplePicture(501),
      '__MACOSX/x.csv': Buffer.from('x'),
    }
    for (const zip of [Buffer.from(zipSync(files)), withGbNames(Buffer.from(zipSync(files)), ['pics/红杯.png'])]) {
      const done = await importAll(shopId, zip, { publish: true }, 'goods.zip')
      expect(done).toMatchObject({ state: 'done', refusedRows: 0 })
      const { items } = await listed(shopId)
      expect(items.map(({ title, state, picture }) => [title, state, picture !== null]).sort()).toEqual([
        ['杯子', 'on-sale', true],
        ['盘子', 'draft', false],
        ['碗', 'on-sale', true],
      ])
      expect(await refusals(shopId, done.id)).toEqual([
        { line: 3, column: '图片', value: '没有.png', reason: expect.stringContaining('压缩包里没有') },
        { line: 3, column: null, value: '盘子', reason: '已导入，但未上架：缺少商品图片' },
      ])
    }
  })
})

describe('CAT-01 pictures by address', () => {
  test('CAT-01 pictures are fetched once, private addresses only where allowed, and what fails is reported', async () => {
    const shopId = await newShop()
    const asked: string[] = []
    const content = await samplePicture(800)
    const server = http.createServer((request, response) => {
      asked.push(request.url!)
      if (request.url === '/a.png') response.end(content)
      else if (request.url === '/text') response.end('not a picture')
      else response.writeHead(404).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const text = `标题,类目,价格,图片\n杯子,餐具,5,${base}/a.png\n盘子,餐具,6,${base}/text;${base}/a.png;${base}/none\n`
    const refused = await importAll(shopId, text)
    expect(asked).toEqual([])
    expect(await refusals(shopId, refused.id)).toHaveLength(4)
    const allow = (value: boolean) =>
      world.db.tx('system', (tx) => world.settings.set(tx, importPrivateAddresses, {}, value, { kind: 'system' }))
    await allow(true)
    const done = await importAll(shopId, text, { publish: true })
    expect(done).toMatchObject({ state: 'done', refusedRows: 0 })
    expect((await refusals(shopId, done.id)).map(({ line, reason }) => [line, reason])).toEqual([
      [3, expect.stringContaining('只接受')],
      [3, expect.stringContaining('404')],
    ])
    expect((await listed(shopId)).items.map(({ state, picture }) => [state, picture !== null])).toEqual([
      ['on-sale', true],
      ['on-sale', true],
    ])
    expect(asked.filter((path) => path === '/a.png').length).toBeLessThanOrEqual(2)
    asked.length = 0
    await importAll(shopId, text.split('\n').slice(0, 2).join('\n'))
    expect(asked).toEqual([])
    await allow(false)
    server.close()
  })
})

describe('CAT-01 what goes wrong in a chunk', () => {
  test('CAT-01 a product that the database refuses is refused alone', async () => {
    const shopId = await newShop()
    const job = await upload(shopId, sheet(20, 'Z'))
    await call('console.runImport', shopId, job)
    const { receive } = world.deps.stock
    world.deps.stock.receive = async (tx, receipt) => {
      await receive(tx, receipt)
      const labels = await world.catalog.skuLabels(
        tx,
        shopId,
        receipt.lines.map(({ skuId }) => skuId),
      )
      if ([...labels.values()].some(({ code }) => code === 'Z-13')) await tx.exec(sql`select 1 / 0`)
    }
    await doImport(world.deps, { shopId, importId: job.id }, new AbortController().signal)
    world.deps.stock.receive = receive
    expect(await look(shopId, job.id)).toMatchObject({
      state: 'done',
      doneRows: 20,
      createdProducts: 19,
      refusedRows: 1,
    })
    expect(await refusals(shopId, job.id)).toEqual([
      expect.objectContaining({ line: 15, reason: expect.stringContaining('无法保存') }),
    ])
    await world.jobs.runNow()
  })

  test('CAT-01 a warehouse that is not there fails the import with its reason; with another it goes on', async () => {
    const shopId = await newShop()
    const job = await upload(shopId, sheet(3, 'Y'))
    await call('console.runImport', shopId, job, { warehouseId: newId() })
    await world.jobs.runNow()
    expect(await look(shopId, job.id)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('没有找到'),
      doneRows: 0,
    })
    await call('console.runImport', shopId, job)
    await world.jobs.runNow()
    expect(await look(shopId, job.id)).toMatchObject({ state: 'done', createdProducts: 3 })
  })

  test('CAT-01 an import that cannot move is tried five times and then failed', async () => {
    const shopId = await newShop()
    const job = await upload(shopId, sheet(3, 'V'))
    await call('console.runImport', shopId, job)
    const { receive } = world.deps.stock
    world.deps.stock.receive = () => Promise.reject(new Error('broken'))
    const attempt = () => doImport(world.deps, { shopId, importId: job.id }, new AbortController().signal)
    for (let i = 0; i < 4; i++) await expect(attempt()).rejects.toThrow('broken')
    expect((await look(shopId, job.id)).state).toBe('running')
    expect(await attempt()).toBe(false)
    world.deps.stock.receive = receive
    expect(await look(shopId, job.id)).toMatchObject({ state: 'failed', failure: expect.stringContaining('稍后') })
  })
})

/** The same zip with names in GB18030 and without the flag that says UTF-8, as Explorer on Chinese Windows writes it. */
function withGbNames(zip: Buffer, names: string[]): Buffer {
  let hex = zip.toString('latin1')
  for (const name of names) {
    const utf8 = Buffer.from(name).toString('latin1')
    const gb = iconv.encode(name, 'gb18030')
    // Of the same length, so that no offset moves.
    const padded = Buffer.concat([Buffer.from('./'.repeat((utf8.length - gb.length) / 2)), gb]).toString('latin1')
    hex = hex.replaceAll(utf8, padded)
  }
  const bytes = Buffer.from(hex, 'latin1')
  for (let at = 0; at < bytes.length - 4; at++) {
    if (bytes.readUInt32LE(at) === 0x04034b50) bytes.writeUInt16LE(bytes.readUInt16LE(at + 6) & ~0x800, at + 6)
    if (bytes.readUInt32LE(at) === 0x02014b50) bytes.writeUInt16LE(bytes.readUInt16LE(at + 8) & ~0x800, at + 8)
  }
  return bytes
}

describe('CAT-01 export', () => {
  test.each(['csv', 'csv-gb18030', 'xlsx'] as const)(
    'CAT-01 what %s exports is imported again without any change',
    async (format) => {
      const shopId = await newShop()
      const picture = await world.files.upload({
        shopId,
        name: 'a.png',
        content: await samplePicture(700),
        actor: { kind: 'system' },
      })
      const { id: categoryId } = await callRoute(world.catalog.handlers, 'console.createCategory', {
        params: { shopId },
        body: { name: '餐具' },
      })
      const sub = await callRoute(world.catalog.handlers, 'console.createCategory', {
        params: { shopId },
        body: { name: '杯/壶', parentId: categoryId },
      })
      await callRoute(world.catalog.handlers, 'console.createProduct', {
        params: { shopId },
        body: {
          title: '=HYPERLINK("x"), "引号" 与\'单引号',
          subtitle: "'+1",
          categoryId: sub.id,
          brand: '@掌柜',
          tags: ['新品', '夏季'],
          attributes: [
            { name: '材质', value: '棉;麻' },
            { name: '材质', value: '丝' },
          ],
          options: [
            { name: '颜色', values: ['红', '蓝'] },
            { name: '尺码', values: ['S'] },
          ],
          pictureFileIds: [picture.id],
          detail: '第一行\n第二行，含 | 竖线',
          skus: [
            {
              code: '-X1',
              barcode: '0069',
              optionValues: ['红', 'S'],
              priceFen: 1999 as never,
              listPriceFen: 2999 as never,
              costFen: 1 as never,
              weightGrams: 12,
            },
            { code: 'X2', optionValues: ['蓝', 'S'], priceFen: 29 as never },
          ],
        },
      })
      await importAll(shopId, sheet(250, 'E'))
      const before = (await listed(shopId, { sort: 'created' })).items
      const bytes = await buffer(exportProducts(world.deps, shopId, {}, format).body)
      if (format === 'csv') expect(bytes.toString('utf8')).toContain(`"'=HYPERLINK(""x"")`)
      if (format === 'xlsx') {
        const book = new ExcelJS.Workbook()
        await book.xlsx.load(bytes as never)
        const cell = book.worksheets[0]!.getCell('B2')
        expect([cell.type, cell.formula]).toEqual([ExcelJS.ValueType.String, undefined])
      }
      const versions = await count(shopId, 'product_versions')
      const done = await importAll(shopId, bytes, {}, `goods.${format}`)
      expect(await refusals(shopId, done.id)).toEqual([])
      expect(done).toMatchObject({
        state: 'done',
        totalRows: 252,
        createdProducts: 0,
        updatedProducts: 0,
        refusedRows: 0,
      })
      expect(await count(shopId, 'product_versions')).toBe(versions)
      expect((await listed(shopId, { sort: 'created' })).items).toEqual(before)
    },
  )

  test('CAT-01 the template has every column and imports its example', async () => {
    const shopId = await newShop()
    const { importTemplate } = await import('../export/export-products.ts')
    const bytes = await buffer(importTemplate().body)
    const done = await importAll(shopId, bytes, {}, 'template.xlsx')
    expect(done).toMatchObject({ state: 'done', createdProducts: 1, refusedRows: 0 })
    expect(Object.keys(done.mapping)).toHaveLength(19)
  })
})

const CATALOGUE = path.resolve(
  import.meta.dirname,
  '../../../../../../../shared/data/06-chinese/titles_search/openbg_catalog_1000.csv',
)
const why = existsSync(CATALOGUE) ? '' : ' (skipped: the file is not there)'

describe.skipIf(why !== '')(`CAT-01 a real catalogue${why}`, () => {
  test('CAT-01 a thousand real titles are imported, published and found', async () => {
    const shopId = await newShop()
    await world.db.tx({ shopId }, (tx) => world.settings.set(tx, minPictures, { shopId }, 0, { kind: 'system' }))
    const job = await upload(shopId, await readFile(CATALOGUE), 'openbg_catalog_1000.csv')
    expect(job.mapping).toEqual({
      title: 'title',
      coarse_category: 'category',
      fine_category: 'subcategory',
      attributes: 'attributes',
    })
    await call('console.runImport', shopId, job, { publish: true, defaultPriceFen: 9900, defaultStock: 10 })
    await world.jobs.runNow()
    const done = await look(shopId, job.id)
    expect(await refusals(shopId, job.id)).toEqual([])
    expect(done).toMatchObject({ state: 'done', doneRows: 1000, createdProducts: 1000, refusedRows: 0 })
    const front = await callRoute(world.catalog.handlers, 'store.products', {
      params: { shopId },
      query: { q: '洗发水', limit: 100 },
    })
    expect(front.items.length).toBeGreaterThan(10)
    expect(front.items.slice(0, 10).every(({ title }) => title.includes('洗发水'))).toBe(true)
    expect(front.items[0]).toMatchObject({ minPriceFen: 9900, soldOut: false })
    const product = await callRoute(world.catalog.handlers, 'store.product', {
      params: { shopId, productId: front.items[0]!.id },
    })
    expect(product.brand).not.toBe('')
    expect(product.categoryPath).toHaveLength(2)
    expect(product.attributes.length).toBeGreaterThan(3)
  })
})
