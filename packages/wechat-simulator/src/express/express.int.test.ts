import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../index.ts'
import { md5 } from './pushes.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.parse('2026-11-11T00:00:00Z')
const SALT = 'a-salt-of-the-parcel'

interface Told {
  path: string
  isSigned: boolean
  status: string
  state: string
  texts: string[]
}

let sim: Simulator
const told: Told[] = []
let answer = '{"result":true,"returnCode":"200","message":"成功"}'
const shop = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    const form = new URLSearchParams(body)
    const param = form.get('param') ?? ''
    const { status, lastResult } = JSON.parse(param)
    told.push({
      ...{ path: request.url ?? '', isSigned: form.get('sign') === md5(param + SALT), status },
      ...{ state: lastResult.state, texts: lastResult.data.map((line: { context: string }) => line.context) },
    })
    response.end(answer)
  })
})
beforeAll(async () => {
  sim = await startSimulator({ now: () => START_MS })
  await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done))
})
afterAll(async () => {
  await sim.close()
  shop.close()
})

const shopUrl = () => `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
async function call(path: string, form: Record<string, string>) {
  const response = await fetch(sim.url + path, { method: 'POST', body: new URLSearchParams(form) })
  expect(response.status).toBe(200)
  return (await response.json()) as Record<string, unknown> & { data?: { context: string; time: string }[] }
}
function subscribe(number: string, more: object = {}) {
  const parameters = { callbackurl: `${shopUrl()}/${number}`, salt: SALT, resultv2: '4', phone: '5678' }
  const param = { company: 'shunfeng', number, key: sim.credentials.env.EXPRESS_KEY, parameters, ...more }
  return call('/poll', { schema: 'json', param: JSON.stringify(param) })
}
function query(number: string, com = 'shunfeng') {
  const { EXPRESS_KEY: key, EXPRESS_CUSTOMER: customer } = sim.credentials.env
  const param = JSON.stringify({ com, num: number, resultv2: '4', phone: '5678' })
  return call('/poll/query.do', { customer, sign: md5(param + key + customer), param })
}
const toldOf = (number: string) => told.filter(({ path }) => path === `/${number}`)
const control = async (path: string, body?: object) => {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`${sim.url}/__sim/${path}`, body === undefined ? {} : init)
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}

test('ORD-04 a subscribed parcel is collected, travels, is delivered and signed for; each move is pushed with its salt', async () => {
  expect(await subscribe('SF1000000001')).toMatchObject({ result: true, returnCode: '200' })
  expect(await query('SF1000000001')).toMatchObject({ result: false, returnCode: '500' })
  await sim.clock.advance(40 * HOUR_MS)
  const pushes = toldOf('SF1000000001')
  expect(pushes.map(({ state }) => state)).toEqual(['1', '0', '0', '0', '0', '5', '3'])
  expect(pushes.map(({ texts }) => texts.length)).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(pushes.every(({ isSigned }) => isSigned)).toBe(true)
  expect(pushes.map(({ status }) => status).slice(-2)).toEqual(['polling', 'shutdown'])
  const asked = await query('SF1000000001')
  expect(asked).toMatchObject({ status: '200', state: '3', ischeck: '1' })
  // Beijing's time, a day and a half after the label
  expect(asked.data![0]).toMatchObject({ context: '快件已签收，签收人：本人', time: '2026-11-12 20:00:00' })
})

test('ORD-04 what the aggregator refuses, it refuses in its own numbers', async () => {
  const codes = async (number: string, more?: object) => (await subscribe(number, more)).returnCode
  expect(await codes('SF1000000001')).toBe('501')
  expect(await codes('SF1000000009', { key: 'another' })).toBe('600')
  expect(await codes('SF1000000009', { company: 'pigeon' })).toBe('700')
  expect(await codes('不是单号')).toBe('702')
  expect(await codes('SF1000000009', { parameters: { callbackurl: 'shop' } })).toBe('701')
  expect(await codes('SF1000000009', { parameters: { callbackurl: 'http://127.0.0.1:1/x' } })).toBe('408')
  const { EXPRESS_CUSTOMER: customer } = sim.credentials.env
  expect(await call('/poll/query.do', { customer, sign: 'x', param: '{}' })).toMatchObject({ returnCode: '503' })
  expect(await call('/poll', { schema: 'json', param: '{' })).toMatchObject({ returnCode: '701' })
  sim.fault({ path: '/poll', kind: 'refuse', code: '500', message: '服务器错误' })
  expect(await codes('SF1000000009')).toBe('500')
})

test('ORD-04 a push that is not taken is repeated, and given up in the end', async () => {
  answer = '{"result":false,"returnCode":"500","message":"忙"}'
  await subscribe('SF1000000002')
  await sim.clock.advance(HOUR_MS)
  expect(toldOf('SF1000000002')).toHaveLength(1)
  await sim.clock.advance(HOUR_MS)
  expect(toldOf('SF1000000002')).toHaveLength(4)
  answer = '{"result":true}'
  await sim.clock.advance(2 * HOUR_MS)
  const parcel = ((await control('parcels')).json.parcels as { number: string; pushes: { state: string }[] }[]).find(
    ({ number }) => number === 'SF1000000002',
  )
  expect(parcel!.pushes.map(({ state }) => state)).toEqual(['delivered', 'given_up'])
  expect(parcel).not.toHaveProperty('salt')
})

test('ORD-05 a parcel can be stalled, sent on, refused and returned; a planned one has a past', async () => {
  const planned = { number: 'SF1000000003', course: 'stalled', from: '杭州市', to: '深圳市', age_hours: 60 }
  expect(await control('parcels', planned)).toMatchObject({ status: 201 })
  await subscribe('SF1000000003')
  await sim.settle()
  // one push with all that happened before anybody asked, none after it
  expect(toldOf('SF1000000003')).toMatchObject([{ state: '0', texts: expect.arrayContaining([expect.any(String)]) }])
  expect(toldOf('SF1000000003')[0]!.texts).toHaveLength(3)
  await sim.clock.advance(100 * HOUR_MS)
  expect(toldOf('SF1000000003')).toHaveLength(1)
  expect(await control('parcels/SF1000000003/move', {})).toMatchObject({ status: 409 })
  expect(await control('parcels', planned)).toMatchObject({ status: 409 })
  expect(await control('parcels/SF1000000003/course', { course: 'refused' })).toMatchObject({ status: 200 })
  expect(await control('parcels/SF1000000003/move', {})).toMatchObject({ status: 200 })
  await sim.clock.advance(100 * HOUR_MS)
  expect(toldOf('SF1000000003').map(({ state }) => state)).toEqual(['0', '0', '0', '5', '14', '6', '4'])
  expect(await control('parcels/SF1000000003/course', { course: 'delivered' })).toMatchObject({ status: 409 })
  expect(await control('parcels/SF404404404/move', {})).toMatchObject({ status: 404 })
})

test('ORD-04 how fast parcels travel is a setting of the desk', async () => {
  sim.settings({ parcel_speed: 3600 })
  await subscribe('SF1000000004')
  await sim.clock.advance(40_000)
  expect(toldOf('SF1000000004').at(-1)).toMatchObject({ state: '3', status: 'shutdown' })
  expect((await fetch(`${sim.url}/parcels`)).status).toBe(200)
})
