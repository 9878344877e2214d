import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PhoneRefusal, type Simulator, startSimulator } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'simulator-test-'))
let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterAll(async () => {
  await sim.close()
  rmSync(folder, { recursive: true, force: true })
})

async function control(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST', base = sim.url) {
  const response = await fetch(`${base}/__sim/${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return {
    status: response.status,
    json: (await response.json()) as Record<string, unknown>,
  }
}

describe('the desk', () => {
  test('PAY-01 six people live here at first, and more can be made', async () => {
    const { json } = await control('people')
    expect(json.people).toHaveLength(6)
    const made = await control('people', { name: '何小满', phone: '13900000001' })
    expect(made).toMatchObject({ status: 201, json: { name: '何小满' } })
    expect(Object.keys(made.json.openids as object)).toHaveLength(2)
    expect(await control('people', { name: '另一人', phone: '13900000001' })).toMatchObject({ status: 409 })
    expect(await control('people', { name: '', phone: '1' })).toMatchObject({ status: 400 })
  })

  test('PAY-01 settings are checked and named when wrong', async () => {
    expect((await control('settings', { fee_bp: 38 }, 'PATCH')).json.fee_bp).toBe(38)
    expect(sim.settings()).toMatchObject({ fee_bp: 38, merchant_name: '掌柜小店' })
    expect((await control('settings', { fee_bp: 60 }, 'PATCH')).status).toBe(200)
    expect(await control('settings', { fee_bp: -1 }, 'PATCH')).toMatchObject({ status: 400 })
    expect(await control('settings', { fees: 1 }, 'PATCH')).toMatchObject({ status: 400 })
  })

  test('PAY-01 the clock only goes forward, by hand or by itself', async () => {
    const before = sim.clock.now()
    expect((await control('clock/advance', { ms: 60_000 })).status).toBe(200)
    expect(sim.clock.now() - before).toBeGreaterThanOrEqual(60_000)
    expect((await control('clock/advance', { ms: -1 })).status).toBe(400)
  })

  test('PAY-01 what cannot be paid says why', async () => {
    expect(
      await control('pay', { code_url: 'https://example.com', person: '林晓雨', action: 'confirm' }),
    ).toMatchObject({
      status: 409,
      json: { error: { code: 'NOT_A_PAY_CODE' } },
    })
    expect(() => sim.pay({ prepay_id: 'wx0', person: '林晓雨', action: 'confirm' })).toThrow(PhoneRefusal)
    expect((await control('payment?prepay_id=wx0')).status).toBe(409)
  })

  test.each(['/money', '/faults', '/parcels'])('PAY-01 the page %s is served with its script', async (path) => {
    const html = await (await fetch(`${sim.url}${path}`)).text()
    const script = /src="(\/__sim\/assets\/[a-z]+\.js)"/.exec(html)?.[1]
    expect((await fetch(`${sim.url}${script}`)).headers.get('content-type')).toContain('javascript')
  })

  test.each(['/phone', '/h5/pay?prepay_id=wx0'])(
    'PAY-01 the page %s is served, and sends nobody to javascript:',
    async (path) => {
      const url = new URL(path, sim.url)
      url.searchParams.set('redirect_url', 'javascript:alert(1)')
      url.searchParams.set('return_url', 'javascript:alert(1)')
      url.searchParams.set('prepay_id', '</script><script>alert(1)</script>')
      const html = await (await fetch(url)).text()
      expect(html).toContain('<!doctype html>')
      expect(html).not.toContain('javascript:')
      expect(html).not.toContain('</script><script>alert')
    },
  )
})

describe('its memory', () => {
  test('PAY-01 a restart finds keys, people, orders and the clock of yesterday', async () => {
    const data = join(folder, 'restart')
    const first = await startSimulator({ data })
    const env = first.credentials.env
    const person = first.people.create({ name: '留下的人', phone: '13900000002' })
    await first.rotatePlatformCertificate()
    await first.clock.advance(3_600_000)
    await first.close()
    expect(statSync(join(data, 'credentials.json')).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(join(data, 'credentials.json'), 'utf8')).env.WECHAT_PAY_APIV3_KEY).toHaveLength(32)

    const second = await startSimulator({ data })
    const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !name.endsWith('_BASE_URL')))
    expect(second.credentials.env).toMatchObject(kept)
    expect(second.people.get('留下的人')).toEqual(person)
    expect(second.clock.now() - Date.now()).toBeGreaterThan(3_590_000)
    await second.close()
  })

  test('PAY-06 a folder from before accounts were kept is carried on: what moved then is booked with its own times', async () => {
    const data = join(folder, 'older')
    await (await startSimulator({ data })).close()
    const old = new DatabaseSync(join(data, 'simulator.sqlite'))
    old.exec('DROP INDEX orders_frozen; DROP INDEX orders_of_combine; DROP TABLE flows')
    const later = ['sub_mchid', 'sub_appid', 'payee', 'combine_no', 'profit_sharing', 'fee', 'frozen', 'unfrozen_at']
    for (const column of later) old.exec(`ALTER TABLE orders DROP COLUMN ${column}`)
    old.exec('ALTER TABLE refunds DROP COLUMN source')
    old.exec(`INSERT INTO orders VALUES ('OLD001', 'JSAPI', 'wx1', '茶', '', 'http://shop/', 10000, '', NULL, 'x', 'REFUND',
      1000, 9000, '4200001', 'o1', 'p1', 'OTHERS', 2000)`)
    old.exec(`INSERT INTO refunds VALUES ('R1', '5001', 'OLD001', 2500, 15, '', '', 'UNSETTLED', 'y', 'SUCCESS', 'SUCCESS',
      3000, 4000, 4000)`)
    old.close()
    const carried = await startSimulator({ data })
    expect(carried.flows().map((each) => [each.at, each.kind, each.amount, each.balance])).toEqual([
      [2000, '交易', 10_000, 10_000],
      [2000, '扣除交易手续费', -60, 9940],
      [4000, '退款', -2485, 7455],
    ])
    expect(carried.account()).toEqual({ balanceFen: 7455, frozenFen: 0, availableFen: 7455 })
    await carried.close()
  })

  test('PAY-01 half a set of keys is an error, not a new merchant', async () => {
    const data = join(folder, 'half')
    await (await startSimulator({ data })).close()
    rmSync(join(data, 'platform.json'))
    await expect(startSimulator({ data })).rejects.toThrow(/no counterpart/)
  })
})

describe('its process', () => {
  test('PAY-01 it says READY with its address, serves, and ends when told to', async () => {
    const main = resolve(import.meta.dirname, 'main.ts')
    const child = spawn(process.execPath, [main, '--port', '0', '--data', join(folder, 'process')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    expect(line).toMatch(/^READY \{"url":"http:\/\/127\.0\.0\.1:\d+"\}$/)
    const { url } = JSON.parse(line.slice('READY '.length))
    expect((await control('health', undefined, 'GET', url)).json).toMatchObject({ ok: true })
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
  })
})

describe('web pages it plays', () => {
  test('ACC-03 the authorize page refuses strangers and sends people back with code and state', async () => {
    const { env } = sim.credentials
    const shop = createServer((_request, response) => response.end('shop'))
    await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done))
    const back = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/signed-in?x=1`
    const open = (change: Record<string, string | undefined>) => {
      const url = new URL('/connect/oauth2/authorize', sim.url)
      const query = {
        appid: env.WECHAT_MP_APPID,
        redirect_uri: back,
        response_type: 'code',
        scope: 'snsapi_userinfo',
        state: 'abc',
      }
      for (const [key, value] of Object.entries({ ...query, ...change })) url.searchParams.set(key, value ?? '')
      return fetch(url, { redirect: 'manual' })
    }
    const page = await open({})
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('陈志远')
    const moved = await open({ person: '陈志远' })
    const location = new URL(moved.headers.get('location') ?? '')
    expect([
      moved.status,
      location.origin + location.pathname,
      location.searchParams.get('x'),
      location.searchParams.get('state'),
    ]).toEqual([302, back.split('?')[0], '1', 'abc'])
    expect(location.searchParams.get('code')).toMatch(/^0\w{31}$/)
    for (const wrong of [
      { appid: 'wx0' },
      { redirect_uri: 'javascript:alert(1)' },
      { scope: 'everything' },
      { response_type: 'token' },
      { person: '不存在' },
    ]) {
      expect((await open(wrong)).status).toBe(400)
    }
    shop.close()
  })
})
