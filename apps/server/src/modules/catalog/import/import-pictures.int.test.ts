import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { zipSync } from 'fflate'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampleVideo } from '../../../kernel/testing-video.ts'
import { importPrivateAddresses } from '../settings.ts'
import { callRoute, samplePicture } from '../testing.ts'
import { type ImportWorld, openImportWorld } from './testing-import.ts'

let world: ImportWorld

beforeAll(async () => {
  world = await openImportWorld()
})
afterAll(() => world.close())

describe('CAT-01 pictures', () => {
  test('CAT-01 pictures in the zip are found by name, also by one that Windows wrote in GB18030; missing ones are reported', async () => {
    const shopId = await world.newShop()
    const files = {
      'goods.csv': Buffer.from(
        '标题,类目,价格,图片\n杯子,餐具,5,红杯.png;b.png\n盘子,餐具,6,没有.png\n碗,餐具,7,b.png\n',
      ),
      'pics/红杯.png': await samplePicture(500),
      'pics/B.png': await samplePicture(501),
      '__MACOSX/x.csv': Buffer.from('x'),
    }
    for (const zip of [Buffer.from(zipSync(files)), withGbNames(Buffer.from(zipSync(files)), ['pics/红杯.png'])]) {
      const done = await world.importAll(shopId, zip, { publish: true }, 'goods.zip')
      expect(done).toMatchObject({ state: 'done', refusedRows: 0 })
      const { items } = await world.listed(shopId)
      expect(items.map(({ title, state, picture }) => [title, state, picture !== null]).sort()).toEqual([
        ['杯子', 'on-sale', true],
        ['盘子', 'draft', false],
        ['碗', 'on-sale', true],
      ])
      expect(await world.refusals(shopId, done.id)).toEqual([
        { line: 3, column: '图片', value: '没有.png', reason: expect.stringContaining('压缩包里没有') },
        { line: 3, column: null, value: '盘子', reason: '已导入，但未上架：缺少商品图片' },
      ])
    }
  })
  test('CAT-01 kinds of pictures, a video, role and tags come with the rows; what is wrong is told row by row', async () => {
    const shopId = await world.newShop()
    await callRoute(world.catalog.handlers, 'console.createTagDimension', {
      params: { shopId },
      body: { name: '场景', values: [{ name: '早餐' }] },
    })
    const files = {
      'goods.csv': Buffer.from(
        `标题,类目,价格,图片,白底图,视频,商品角色,核心关键词,场景标签
杯子,餐具,5,a.png,b.png,v.mp4,引流,茶杯,场景:早餐
盘子,餐具,6,a.png,,a.png,常规,,
碗,餐具,7,,,,爆款,,
勺,餐具,8,,,,,,场景:露营
`,
      ),
      'a.png': await samplePicture(510),
      'b.png': await samplePicture(511),
      'v.mp4': sampleVideo({ seconds: 6, number: 41 }),
    }
    const done = await world.importAll(shopId, Buffer.from(zipSync(files)), { publish: true }, 'goods.zip')
    expect(done).toMatchObject({ state: 'done', createdProducts: 2, refusedRows: 2 })
    expect(await world.refusals(shopId, done.id)).toEqual([
      { line: 3, column: '视频', value: 'a.png', reason: expect.stringContaining('只接受') },
      { line: 4, column: '商品角色', value: '爆款', reason: '商品角色应为：引流、定制、常规、专供' },
      { line: 5, column: '场景标签', value: '场景:露营', reason: expect.stringContaining('请先在「场景标签」页添加') },
    ])
    const cup = (await world.listed(shopId, { q: '杯子' })).items[0]!
    const product = await callRoute(world.catalog.handlers, 'console.product', {
      params: { shopId, productId: cup.id },
    })
    expect(product).toMatchObject({ state: 'on-sale', role: 'traffic', coreKeyword: '茶杯' })
    expect(product.pictures.map(({ kind }) => kind)).toEqual(['main', 'white'])
    expect(product.video).not.toBeNull()
    expect(product.tagValueIds).toHaveLength(1)
  })
})

describe('CAT-01 pictures by address', () => {
  test('CAT-01 pictures are fetched once, private addresses only where allowed, and what fails is reported', async () => {
    const shopId = await world.newShop()
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
    const refused = await world.importAll(shopId, text)
    expect(asked).toEqual([])
    expect(await world.refusals(shopId, refused.id)).toHaveLength(4)
    const allow = (value: boolean) =>
      world.db.tx('system', (tx) => world.settings.set(tx, importPrivateAddresses, {}, value, { kind: 'system' }))
    await allow(true)
    const done = await world.importAll(shopId, text, { publish: true })
    expect(done).toMatchObject({ state: 'done', refusedRows: 0 })
    expect((await world.refusals(shopId, done.id)).map(({ line, reason }) => [line, reason])).toEqual([
      [3, expect.stringContaining('只接受')],
      [3, expect.stringContaining('404')],
    ])
    expect((await world.listed(shopId)).items.map(({ state, picture }) => [state, picture !== null])).toEqual([
      ['on-sale', true],
      ['on-sale', true],
    ])
    expect(asked.filter((path) => path === '/a.png').length).toBeLessThanOrEqual(2)
    asked.length = 0
    await world.importAll(shopId, text.split('\n').slice(0, 2).join('\n'))
    expect(asked).toEqual([])
    await allow(false)
    server.close()
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
