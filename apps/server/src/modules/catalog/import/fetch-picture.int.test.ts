import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { samplePicture } from '../testing.ts'
import { fetchPicture, isPrivateAddress } from './fetch-picture.ts'

let server: http.Server
let base: string
let picture: Buffer

beforeAll(async () => {
  picture = await samplePicture(900)
  server = http.createServer((request, response) => {
    if (request.url === '/a.png') response.end(picture)
    else if (request.url === '/moved') response.writeHead(302, { location: '/a.png' }).end()
    else if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end()
    else if (request.url === '/away') response.writeHead(302, { location: 'file:///etc/passwd' }).end()
    else if (request.url === '/big') response.end(Buffer.alloc(5_000))
    else if (request.url === '/slow') response.write('x')
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const get = (path: string, more: object = {}) =>
  fetchPicture(`${base}${path}`, { allowPrivate: true, maxBytes: 2_000, ...more })

describe('CAT-01 pictures by address', () => {
  test('CAT-01 a picture is fetched, also after a redirect', async () => {
    expect(await get('/a.png')).toEqual(picture)
    expect(await get('/moved')).toEqual(picture)
  })

  test.each([
    ['/none', /服务器返回 404/],
    ['/loop', /跳转次数过多/],
    ['/away', /不是 http 或 https/],
    ['/big', /超过/],
  ])('CAT-01 %s is refused with its reason', async (path, reason) => {
    await expect(get(path)).rejects.toThrow(reason)
  })

  test('CAT-01 a server that does not go on is given up', async () => {
    await expect(get('/slow', { timeoutMs: 200 })).rejects.toThrow(/超时/)
  })

  test('CAT-01 private addresses are refused, by number and by name', async () => {
    await expect(get('/a.png', { allowPrivate: false })).rejects.toThrow(/内网/)
    const byName = base.replace('127.0.0.1', 'localhost')
    await expect(fetchPicture(`${byName}/a.png`, { allowPrivate: false, maxBytes: 2_000 })).rejects.toThrow(/内网/)
    await expect(fetchPicture('ftp://a.example/x', { allowPrivate: true, maxBytes: 1 })).rejects.toThrow(/http/)
    await expect(fetchPicture('http://u:p@a.example/x', { allowPrivate: true, maxBytes: 1 })).rejects.toThrow(
      /账号密码/,
    )
  })

  test('CAT-01 what counts as private', () => {
    for (const address of [
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '127.0.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '::1',
      'fd00::1',
      'fe80::1',
      '::ffff:10.0.0.1',
      '0.0.0.0',
      '224.0.0.1',
    ])
      expect(isPrivateAddress(address), address).toBe(true)
    for (const address of ['8.8.8.8', '172.32.0.1', '240e::1', '2606:4700::1'])
      expect(isPrivateAddress(address), address).toBe(false)
  })
})
