import { fork } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../../kernel/db.ts'
import { newId } from '../../../kernel/ids.ts'
import { callRoute } from '../testing.ts'
import { doImport } from './do-import.ts'
import { type ImportWorld, openImportWorld, sheet } from './testing-import.ts'

let world: ImportWorld

beforeAll(async () => {
  world = await openImportWorld()
})
afterAll(() => world.close())

describe('CAT-01 imports side by side, crashes and cancelling', () => {
  test('CAT-01 two imports of the same file and a run started twice bring everything in once', async () => {
    const shopId = await world.newShop()
    const [a, b] = [await world.upload(shopId, sheet(700)), await world.upload(shopId, sheet(700))]
    await world.run(shopId, a)
    await world.run(shopId, a)
    await world.run(shopId, b)
    const signal = new AbortController().signal
    const refs = [a, a, b, b].map(({ id }) => ({ shopId, importId: id }))
    await Promise.all(refs.map((ref) => doImport(world.deps, ref, signal)))
    const ended = [await world.look(shopId, a.id), await world.look(shopId, b.id)]
    expect(ended.map(({ state, doneRows }) => [state, doneRows])).toEqual([
      ['done', 700],
      ['done', 700],
    ])
    expect(ended[0]!.createdProducts + ended[1]!.createdProducts).toBe(700)
    expect(await world.count(shopId, 'skus')).toBe(700)
    expect(await world.units(shopId)).toBe(1400)
    await world.jobs.runNow()
  })

  test('CAT-01 an import that dies in the middle of a chunk goes on where it was, nothing twice', async () => {
    const shopId = await world.newShop()
    const job = await world.upload(shopId, sheet(1200, 'K'))
    await world.run(shopId, job)
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
    const halfway = await world.look(shopId, job.id)
    expect(halfway).toMatchObject({ state: 'running', doneRows: 500, createdProducts: 500 })
    expect(await world.count(shopId, 'skus')).toBe(500)
    await world.jobs.runNow()
    expect(await world.look(shopId, job.id)).toMatchObject({
      state: 'done',
      doneRows: 1200,
      createdProducts: 1200,
      refusedRows: 0,
    })
    expect(await world.count(shopId, 'skus')).toBe(1200)
    expect(await world.count(shopId, 'product_versions')).toBe(1200)
    expect(await world.count(shopId, 'import_rows')).toBe(0)
    expect(await world.units(shopId)).toBe(2400)
  })

  test('CAT-01 an import whose process is killed in the middle of a chunk is finished by another, nothing twice', async () => {
    const shopId = await world.newShop()
    const job = await world.upload(shopId, sheet(1100, 'D'))
    await world.run(shopId, job)
    const child = fork(new URL('./testing-worker.ts', import.meta.url), [world.database.appUrl, shopId, job.id])
    const [text] = await once(child, 'message')
    expect(text).toBe('stuck')
    child.kill('SIGKILL')
    await once(child, 'exit')
    await expect.poll(async () => (await world.look(shopId, job.id)).doneRows).toBe(500)
    await world.jobs.runNow()
    expect(await world.look(shopId, job.id)).toMatchObject({ state: 'done', doneRows: 1100, createdProducts: 1100 })
    expect(await world.count(shopId, 'skus')).toBe(1100)
    expect(await world.count(shopId, 'product_versions')).toBe(1100)
    expect(await world.units(shopId)).toBe(2200)
  })

  test('CAT-01 an import whose worker is lost is woken, an upload that was cut off is failed', async () => {
    const shopId = await world.newShop()
    const job = await world.upload(shopId, sheet(3, 'W'))
    const cut = await world.upload(shopId, sheet(3, 'W'))
    await world.run(shopId, job)
    await world.db.tx('system', async (tx) => {
      await tx.exec(sql`delete from pgboss.job where name = 'catalog.import'`)
      await tx.exec(sql`update import_jobs set state = 'reading' where id = ${cut.id}`)
    })
    world.clock.advance(11 * 60_000)
    expect(await world.jobs.runDue()).toContain('catalog.sweep-imports')
    await world.jobs.runNow()
    expect((await world.look(shopId, job.id)).state).toBe('done')
    expect(await world.look(shopId, cut.id)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('重新上传'),
    })
  })

  test('CAT-01 a cancelled import keeps what is in and can be taken up again with the same mapping', async () => {
    const shopId = await world.newShop()
    const job = await world.upload(shopId, sheet(600, 'C'))
    await world.run(shopId, job)
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
    expect(await world.count(shopId, 'products')).toBe(500)
    await expect(world.run(shopId, job, { publish: true })).rejects.toThrow(/已导入一部分/)
    await world.run(shopId, job)
    await world.jobs.runNow()
    expect(await world.look(shopId, job.id)).toMatchObject({ state: 'done', createdProducts: 600 })
  })

  test('CAT-01 an editor that takes a code while the import runs costs the import nothing but that row', async () => {
    const shopId = await world.newShop()
    const job = await world.upload(shopId, sheet(50, 'R'))
    await world.run(shopId, job)
    const edit = callRoute(world.catalog.handlers, 'console.createProduct', {
      params: { shopId },
      body: { title: '抢先', skus: [{ code: 'R-7', priceFen: 1 as never }] },
    }).catch((error) => expect(error).toMatchObject({ code: 'DUPLICATE' }))
    await Promise.all([doImport(world.deps, { shopId, importId: job.id }, new AbortController().signal), edit])
    expect(await world.look(shopId, job.id)).toMatchObject({ state: 'done', doneRows: 50, refusedRows: 0 })
    expect(await world.count(shopId, 'skus')).toBe(50)
    await world.jobs.runNow()
  })

  test('CAT-01 old imports are dropped after the days that the shop keeps them', async () => {
    const shopId = await world.newShop()
    const done = await world.importAll(shopId, sheet(2, 'O'))
    world.clock.advance(31 * 86_400_000)
    const fresh = await world.upload(shopId, sheet(2, 'O'))
    await world.jobs.runDue()
    await expect(world.look(shopId, done.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await world.look(shopId, fresh.id)).state).toBe('mapping')
    expect(await world.count(shopId, 'products')).toBe(2)
  })
})

describe('CAT-01 what goes wrong in a chunk', () => {
  test('CAT-01 a product that the database refuses is refused alone', async () => {
    const shopId = await world.newShop()
    const job = await world.upload(shopId, sheet(20, 'Z'))
    await world.run(shopId, job)
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
    expect(await world.look(shopId, job.id)).toMatchObject({
      state: 'done',
      doneRows: 20,
      createdProducts: 19,
      refusedRows: 1,
    })
    expect(await world.refusals(shopId, job.id)).toEqual([
      expect.objectContaining({ line: 15, reason: expect.stringContaining('无法保存') }),
    ])
    await world.jobs.runNow()
  })

  test('CAT-01 a warehouse that is not there fails the import with its reason; with another it goes on', async () => {
    const shopId = await world.newShop()
    const job = await world.upload(shopId, sheet(3, 'Y'))
    await world.run(shopId, job, { warehouseId: newId() })
    await world.jobs.runNow()
    expect(await world.look(shopId, job.id)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('没有找到'),
      doneRows: 0,
    })
    await world.run(shopId, job)
    await world.jobs.runNow()
    expect(await world.look(shopId, job.id)).toMatchObject({ state: 'done', createdProducts: 3 })
  })

  test('CAT-01 an import that cannot move is tried five times and then failed', async () => {
    const shopId = await world.newShop()
    const job = await world.upload(shopId, sheet(3, 'V'))
    await world.run(shopId, job)
    const { receive } = world.deps.stock
    world.deps.stock.receive = () => Promise.reject(new Error('broken'))
    const attempt = () => doImport(world.deps, { shopId, importId: job.id }, new AbortController().signal)
    for (let i = 0; i < 4; i++) await expect(attempt()).rejects.toThrow('broken')
    expect((await world.look(shopId, job.id)).state).toBe('running')
    expect(await attempt()).toBe(false)
    world.deps.stock.receive = receive
    expect(await world.look(shopId, job.id)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('稍后'),
    })
  })
})
