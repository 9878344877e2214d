import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { strToU8, zipSync } from 'fflate'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { TestClock } from './clock.ts'
import { Db } from './db.ts'
import {
  createFiles,
  createLocalStorage,
  createS3Storage,
  type FileStorage,
  type Files,
  IMPORT_FORMATS,
  type OpenedFile,
  type Upload,
  VIDEO_FORMATS,
  variantUrl,
} from './files.ts'
import { newId } from './ids.ts'

let database: TestDatabase
let db: Db
let folder: string
let storage: FileStorage
let files: Files
let shopId: string
const clock = new TestClock()
const actor = { kind: 'staff', id: newId() }

beforeAll(async () => {
  database = await createTestDatabase()
  db = new Db({ url: database.appUrl, maxConnections: 6 })
  folder = await mkdtemp(path.join(tmpdir(), 'files-test-'))
  storage = createLocalStorage(folder)
  files = createFiles({ db, clock, storage })
})
beforeEach(() => {
  shopId = newId()
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

const upload = (content: Buffer, more: Partial<Upload> = {}) =>
  files.upload({ shopId, name: 'photo.jpg', content, actor, ...more })

async function picture(width = 1600, height = 1200, shade = Math.floor(Math.random() * 255)): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: shade, sigma: 30 }
  return sharp({ create: { width, height, channels: 3, background: '#888', noise } })
    .jpeg()
    .toBuffer()
}
const bytesOf = async (opened: OpenedFile) => buffer(opened.body!)

test('CAT-01 a picture is stored once for its content, its size is known, and each width is made from it', async () => {
  const content = await picture()
  const [first, second] = await Promise.all([upload(content), upload(content, { name: 'other.png' })])
  expect(second.id).toBe(first.id)
  expect(first).toMatchObject({
    kind: 'image',
    contentType: 'image/jpeg',
    width: 1600,
    height: 1200,
    visibility: 'public',
  })
  expect((await readdir(path.join(folder, shopId))).length).toBe(1)
  for (const width of [200, 400, 800, 1080]) {
    const opened = await files.openVariant(first.id, { width, accept: 'image/webp,*/*' })
    expect(opened.status).toBe(200)
    expect(opened.headers).toMatchObject({ 'content-type': 'image/webp', vary: 'Accept' })
    expect(opened.headers['cache-control']).toContain('immutable')
    expect(await sharp(await bytesOf(opened)).metadata()).toMatchObject({ width, format: 'webp' })
  }
  const avif = await files.openVariant(first.id, { width: 150, accept: 'image/avif,image/webp' })
  expect(await sharp(await bytesOf(avif)).metadata()).toMatchObject({ width: 200, format: 'heif' })
  const plain = await files.openVariant(first.id, { accept: 'image/png' })
  expect(await sharp(await bytesOf(plain)).metadata()).toMatchObject({ width: 1080, format: 'jpeg' })
  const again = await files.openVariant(first.id, {
    width: 200,
    accept: 'image/webp',
    ifNoneMatch: `W/"x", ${(await files.openVariant(first.id, { width: 200, accept: 'image/webp' })).headers.etag}`,
  })
  expect(again).toMatchObject({ status: 304, body: null })
  expect(variantUrl(first.id, 300)).toBe(`/files/${first.id}?w=400`)
})

test('GOV-08 a photo loses its metadata (place, camera) and stands upright in every variant', async () => {
  const base = await sharp(await picture(300, 200)).toBuffer()
  const content = await sharp(base)
    .withExif({ IFD0: { Copyright: 'secret-owner', Model: 'secret-camera' }, IFD3: { GPSLatitude: '22/1 32/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  expect((await sharp(content).metadata()).orientation).toBe(6)
  const file = await upload(content)
  expect(file).toMatchObject({ width: 200, height: 300 })
  for (const accept of ['image/avif', 'image/webp', 'image/jpeg']) {
    const bytes = await bytesOf(await files.openVariant(file.id, { width: 400, accept }))
    const made = await sharp(bytes).metadata()
    expect([made.width, made.height]).toEqual([200, 300])
    expect(made.exif).toBeUndefined()
    expect(bytes.includes('secret-')).toBe(false)
  }
})

test('CAT-01 a variant that many ask for at once is made once', async () => {
  let puts = 0
  const counting: FileStorage = {
    ...storage,
    put: (...args) => {
      puts++
      return storage.put(...args)
    },
  }
  const own = createFiles({ db, clock, storage: counting })
  const file = await upload(await picture(900, 900))
  const opened = await Promise.all(Array.from({ length: 30 }, () => own.openVariant(file.id, { width: 400 })))
  const sizes = await Promise.all(opened.map(async (one) => (await bytesOf(one)).length))
  expect(new Set(sizes).size).toBe(1)
  expect(puts).toBe(1)
})

test('CAT-01 moving pictures stay moving, transparent ones are not blackened', async () => {
  const frame = (background: string) =>
    sharp({ create: { width: 60, height: 40, channels: 4, background } })
      .png()
      .toBuffer()
  const frames = await sharp([await frame('#f00'), await frame('#00f')], { join: { animated: true } })
    .gif({ delay: [100, 100] })
    .toBuffer()
  const file = await upload(frames)
  expect(file).toMatchObject({ contentType: 'image/gif', animated: true, width: 60, height: 40 })
  const bytes = await bytesOf(await files.openVariant(file.id, { width: 200, accept: 'image/avif,image/webp' }))
  expect(await sharp(bytes, { animated: true }).metadata()).toMatchObject({ format: 'webp', pages: 2 })
  const clear = await sharp({
    create: { width: 50, height: 50, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer()
  const flat = await bytesOf(await files.openVariant((await upload(clear)).id, { accept: 'image/jpeg' }))
  expect((await sharp(flat).stats()).channels[0]!.min).toBeGreaterThan(250)
})

test('SYS-01 what a file is, is read from its bytes and not from its name', async () => {
  const jpeg = await picture(20, 20)
  expect((await upload(jpeg, { name: '../../etc/passwd\u0000.exe' })).name).toBe('passwd.exe')
  for (const [name, content] of [
    ['x.jpg', Buffer.from('<html><script>alert(1)</script></html>')],
    ['x.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['x.png', Buffer.from('MZ\u0090\u0000 program')],
    ['x.jpg', Buffer.from(zipSync({ 'a.txt': strToU8('a') }))],
    ['x.jpg', Buffer.alloc(0)],
    ['x.jpg', jpeg.subarray(0, jpeg.length / 2)],
    ['x.png', Buffer.concat([Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), Buffer.from('nothing')])],
  ] as const)
    await expect(upload(content, { name }), name).rejects.toMatchObject({ code: 'FILE_REFUSED' })
})

test('SYS-01 spreadsheets, tables and archives for imports are recognised and never public', async () => {
  const workbook = Buffer.from(zipSync({ '[Content_Types].xml': strToU8('<x/>'), 'xl/workbook.xml': strToU8('<x/>') }))
  const archive = Buffer.from(zipSync({ 'goods.csv': strToU8('a,b') }))
  const gb18030 = Buffer.from('c9ccc6b72cbcdbb8f10ab1a3cec2b1ad2c35390a', 'hex')
  const types = []
  for (const content of [workbook, archive, gb18030, Buffer.from('\ufeff商品,价格\n保温杯,59\n')]) {
    const file = await upload(content, { name: 'import.bin', accept: IMPORT_FORMATS, visibility: 'public' })
    types.push([file.kind, file.contentType, file.visibility])
    await expect(files.openVariant(file.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { content: stored } = await files.open(shopId, file.id)
    expect(await buffer(stored)).toEqual(content)
    await expect(files.open(newId(), file.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  }
  expect(types).toEqual([
    ['document', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'private'],
    ['document', 'application/zip', 'private'],
    ['document', 'text/csv', 'private'],
    ['document', 'text/csv', 'private'],
  ])
})

test('SYS-01 a file that is too large is refused while it arrives; a picture that unfolds to too much before it unfolds', async () => {
  let sent = 0
  const endless = async function* () {
    for (;;) {
      sent += 65_536
      yield Buffer.alloc(65_536, 1)
    }
  }
  await expect(
    files.upload({ shopId, name: 'big', content: endless(), actor, maxBytes: 1024 * 1024 }),
  ).rejects.toMatchObject({
    code: 'BODY_TOO_LARGE',
  })
  expect(sent).toBeLessThan(4 * 1024 * 1024)
  const bomb = await sharp({
    create: { width: 12_000, height: 12_000, channels: 3, background: '#fff' },
    limitInputPixels: false,
  })
    .png()
    .toBuffer()
  expect(bomb.length).toBeLessThan(1_000_000)
  await expect(upload(bomb)).rejects.toThrow('尺寸过大')
})

test('SYS-01 a video is served whole or in the range that a player asks for', async () => {
  const content = Buffer.concat([Buffer.from('00000018', 'hex'), Buffer.from('ftypisom'), Buffer.alloc(5000, 7)])
  const file = await upload(content, { name: 'clip.mov', accept: VIDEO_FORMATS })
  const whole = await files.openVariant(file.id)
  expect(whole).toMatchObject({ status: 200, headers: { 'content-type': 'video/mp4', 'accept-ranges': 'bytes' } })
  expect(await bytesOf(whole)).toEqual(content)
  const ask = async (range: string) => {
    const opened = await files.openVariant(file.id, { range })
    const length = opened.body ? (await bytesOf(opened)).length : 0
    return [opened.status, opened.headers['content-range'], length]
  }
  expect(await ask('bytes=0-1')).toEqual([206, 'bytes 0-1/5012', 2])
  expect(await ask('bytes=5000-')).toEqual([206, 'bytes 5000-5011/5012', 12])
  expect(await ask('bytes=-10')).toEqual([206, 'bytes 5002-5011/5012', 10])
  expect(await ask('bytes=0-99999')).toEqual([206, 'bytes 0-5011/5012', 5012])
  expect(await ask('bytes=6000-')).toEqual([416, 'bytes */5012', 0])
  expect((await ask('lines=1-2'))[0]).toBe(200)
})

test('SYS-01 a shop sees the pictures of its own only; private ones are in no list', async () => {
  const mine = await upload(await picture(30, 30))
  const hidden = await upload(await picture(31, 31), { visibility: 'private' })
  const found = await db.read({ shopId }, (tx) => files.pictures(tx, shopId, [mine.id, hidden.id, newId(), 'nonsense']))
  expect([...found.values()]).toEqual([{ fileId: mine.id, url: `/files/${mine.id}`, width: 30, height: 30 }])
  const stranger = newId()
  expect(await db.read({ shopId: stranger }, (tx) => files.pictures(tx, shopId, [mine.id]))).toEqual(new Map())
  for (const id of [hidden.id, newId(), '../x', 'nonsense'])
    await expect(files.openVariant(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('SYS-01 keys that lead out of the folder are refused', async () => {
  for (const key of ['../x', '/x', 'a/../../x', 'a//b', '.hidden', 'a\\b', ''])
    await expect(async () => storage.open(key)).rejects.toThrow('storage key')
  await storage.check()
})

/** The few requests of S3's protocol that the storage makes, over HTTP. */
function objectServer(objects: Map<string, Buffer>): Promise<Server> {
  const server = createServer(async (request, response) => {
    const key = decodeURIComponent(new URL(request.url!, 'http://x').pathname)
    const found = objects.get(key)
    if (request.method === 'PUT') {
      objects.set(key, await buffer(request))
      return response.writeHead(200, { etag: '"x"' }).end()
    }
    if (request.method === 'DELETE') return response.writeHead(objects.delete(key) ? 204 : 204).end()
    if (key === '/bucket' || key === '/bucket/') return response.writeHead(200).end()
    if (!found)
      return response.writeHead(404, { 'content-type': 'application/xml' }).end('<Error><Code>NoSuchKey</Code></Error>')
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '')
    const body = range ? found.subarray(Number(range[1]), Number(range[2]) + 1) : found
    return response
      .writeHead(range ? 206 : 200, { 'content-length': body.length })
      .end(request.method === 'HEAD' ? '' : body)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

test('SYS-01 an S3-compatible store takes the place of the folder', async () => {
  const objects = new Map<string, Buffer>()
  const server = await objectServer(objects)
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const s3 = await createS3Storage({
    endpoint,
    region: 'auto',
    bucket: 'bucket',
    accessKeyId: 'k',
    secretAccessKey: 's',
  })
  try {
    await s3.check()
    const own = createFiles({ db, clock, storage: s3 })
    const content = await picture(500, 300)
    const file = await own.upload({ shopId, name: 'a.jpg', content, actor })
    expect(objects.get(`/bucket/${shopId}/${file.id}`)).toEqual(content)
    expect(await sharp(await bytesOf(await own.openVariant(file.id, { width: 200 }))).metadata()).toMatchObject({
      width: 200,
    })
    expect([...objects.keys()].sort()).toEqual([
      `/bucket/${shopId}/${file.id}`,
      `/bucket/${shopId}/${file.id}-w200.webp`,
    ])
    expect(await s3.sizeOf(`${shopId}/${file.id}`)).toBe(content.length)
    expect(await buffer((await s3.open(`${shopId}/${file.id}`, { start: 0, end: 2 }))!)).toEqual(content.subarray(0, 3))
    await s3.delete(`${shopId}/${file.id}`)
    expect(await s3.open(`${shopId}/${file.id}`)).toBeUndefined()
    expect(await s3.sizeOf(`${shopId}/${file.id}`)).toBeUndefined()
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
