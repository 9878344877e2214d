import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyAuditChain } from '../apps/server/src/kernel/audit.ts'
import { sql } from '../apps/server/src/kernel/db.ts'
import { SHOP_PERMISSIONS } from '../packages/contract/src/index.ts'
import { PASSWORD, startTestApp, type TestApp, type TestShop } from './support/app.ts'

let app: TestApp
let shop: TestShop
let params: { shopId: string }
beforeAll(async () => {
  app = await startTestApp()
  shop = await app.openTestShop()
  params = { shopId: shop.shopId }
})
afterAll(() => app?.close())

const signIn = (account: string, password: string) =>
  app.visitor().call('auth.staffSignIn', { body: { account, password } })
const roleNamed = async (name: string) =>
  (await shop.owner.call('console.roles', { params })).items.find((role) => role.name === name)!
const ownerId = async () => (await shop.owner.call('staff.me')).staffId

describe('passwords', () => {
  test('ACC-05 SYS-03 a wrong password and an unknown account get the same answer', async () => {
    const { account } = await app.staffWith(shop, ['catalog.read'])
    const answers = await Promise.all(
      [signIn(account, 'wrong'), signIn('nobody-at-all', 'wrong')].map((each) =>
        each.catch((error) => [error.status, error.code, error.message]),
      ),
    )
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toEqual([401, 'BAD_CREDENTIALS', expect.anything()])
  })

  test('ACC-05 SYS-03 five wrong passwords lock the account for a quarter of an hour, even for the right one', async () => {
    const staff = await app.staffWith(shop, ['catalog.read'])
    for (let n = 0; n < 5; n++)
      await expect(signIn(staff.account, `wrong-${n}`)).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
    await expect(signIn(staff.account, PASSWORD)).rejects.toMatchObject({ code: 'ACCOUNT_LOCKED', status: 423 })
    expect((await staff.call('staff.me')).account).toBe(staff.account)
    app.clock.advance(14 * 60_000)
    await expect(signIn(staff.account, PASSWORD)).rejects.toMatchObject({ code: 'ACCOUNT_LOCKED' })
    app.clock.advance(60_001)
    expect((await signIn(staff.account, PASSWORD)).session).toMatchObject({ account: staff.account })
  })

  test('ACC-05 SYS-03 guesses that come all at once are counted each', async () => {
    const { account } = await app.staffWith(shop, ['catalog.read'])
    await Promise.allSettled(Array.from({ length: 5 }, (_, n) => signIn(account, `wrong-${n}`)))
    await expect(signIn(account, PASSWORD)).rejects.toMatchObject({ code: 'ACCOUNT_LOCKED' })
  })

  test('ACC-05 changing the own password ends the other sessions, not this one', async () => {
    const staff = await app.staffWith(shop, ['catalog.read'])
    const elsewhere = await app.signIn(staff.account)
    await expect(
      staff.call('staff.changePassword', { body: { current: 'wrong', next: 'another-password' } }),
    ).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
    await staff.call('staff.changePassword', { body: { current: PASSWORD, next: 'another-password' } })
    expect((await staff.call('staff.me')).account).toBe(staff.account)
    await expect(elsewhere.call('staff.me')).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
    await expect(signIn(staff.account, PASSWORD)).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
    await app.signIn(staff.account, 'another-password')
  })

  test('ACC-05 a session ends after twelve hours', async () => {
    const staff = await app.staffWith(shop, ['catalog.read'])
    app.clock.advance(11 * 3_600_000)
    await staff.call('staff.me')
    app.clock.advance(2 * 3_600_000)
    await expect(staff.call('staff.me')).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
    shop.owner = await app.signIn(shop.ownerAccount)
  })
})

describe('those who manage staff', () => {
  test('ACC-05 a disabled member is out at once, and back when enabled', async () => {
    const staff = await app.staffWith(shop, ['orders.read'])
    await staff.call('console.orders', { params })
    const at = { ...params, staffId: staff.staffId }
    await shop.owner.call('console.updateStaff', { params: at, body: { state: 'disabled' } })
    await expect(staff.call('console.orders', { params })).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
    await shop.owner.call('console.updateStaff', { params: at, body: { state: 'active' } })
    await (await app.signIn(staff.account)).call('console.orders', { params })
  })

  test('ACC-05 a right that is taken away is gone with the next request', async () => {
    const staff = await app.staffWith(shop, ['orders.read', 'stock.read'])
    const role = await roleNamed(staff.account)
    const body = { name: role.name, permissions: ['stock.read'], version: role.version }
    await shop.owner.call('console.updateRole', { params: { ...params, roleId: role.id }, body })
    await expect(staff.call('console.orders', { params })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await staff.call('console.stock', { params })
  })

  test('ACC-05 a role that somebody else changed meanwhile is not overwritten', async () => {
    const role = await shop.owner.call('console.createRole', {
      params,
      body: { name: '两人同改', permissions: ['catalog.read'] },
    })
    const change = (permission: string) =>
      shop.owner.call('console.updateRole', {
        params: { ...params, roleId: role.id },
        body: { name: role.name, permissions: [permission], version: role.version },
      })
    const outcomes = await Promise.allSettled([change('stock.read'), change('orders.read')])
    expect(outcomes.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find((each) => each.status === 'rejected')).toMatchObject({ reason: { code: 'CONFLICT' } })
  })

  test('ACC-05 SYS-03 nobody gives, takes or becomes what they do not hold', async () => {
    const manager = await app.staffWith(shop, ['staff.read', 'staff.write', 'orders.read'])
    const owner = await roleNamed('店主')
    const refund = await shop.owner.call('console.createRole', {
      params,
      body: { name: '退款', permissions: ['orders.refund'] },
    })
    const clerk = await app.staffWith(shop, ['orders.refund'])
    const own = { ...params, staffId: manager.staffId }
    const mine = await roleNamed(manager.account)
    const attempts = {
      'makes a role that holds more': () =>
        manager.call('console.createRole', {
          params,
          body: { name: '更多', permissions: ['orders.read', 'orders.refund'] },
        }),
      'makes a role of the platform': () =>
        manager.call('console.createRole', { params, body: { name: '平台', permissions: ['platform.shops'] } }),
      'widens the own role': () =>
        manager.call('console.updateRole', {
          params: { ...params, roleId: mine.id },
          body: { name: mine.name, permissions: [...mine.permissions, 'orders.refund'], version: mine.version },
        }),
      'narrows a role that holds more': () =>
        manager.call('console.updateRole', {
          params: { ...params, roleId: refund.id },
          body: { name: refund.name, permissions: ['orders.read'], version: refund.version },
        }),
      'removes a role that holds more': () =>
        manager.call('console.deleteRole', { params: { ...params, roleId: refund.id } }),
      'adds an owner': () =>
        manager.call('console.createStaff', {
          params,
          body: { account: 'second-owner', name: '二', password: PASSWORD, roleIds: [owner.id] },
        }),
      'becomes an owner': () => manager.call('console.updateStaff', { params: own, body: { roleIds: [owner.id] } }),
      'takes over somebody who may do more': () =>
        manager.call('console.updateStaff', {
          params: { ...params, staffId: clerk.staffId },
          body: { resetPassword: 'taken-over-now' },
        }),
      'disables the owner': async () =>
        manager.call('console.updateStaff', {
          params: { ...params, staffId: await ownerId() },
          body: { state: 'disabled' },
        }),
    }
    for (const [what, attempt] of Object.entries(attempts))
      await expect(attempt(), what).rejects.toMatchObject({ code: 'FORBIDDEN', status: 403 })
    await manager.call('console.createRole', { params, body: { name: '同样多', permissions: ['orders.read'] } })
    await expect(app.signIn(clerk.account, PASSWORD)).resolves.toBeDefined()
  })

  test('ACC-05 not even the owner of a shop can give rights on the platform', async () => {
    for (const permission of ['platform.shops', 'platform.settings'])
      await expect(
        shop.owner.call('console.createRole', { params, body: { name: permission, permissions: [permission] } }),
      ).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('ACC-05 built-in roles stay as they are', async () => {
    const role = await roleNamed('客服')
    const at = { ...params, roleId: role.id }
    const body = { name: role.name, permissions: [...SHOP_PERMISSIONS], version: role.version }
    await expect(shop.owner.call('console.updateRole', { params: at, body })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await expect(shop.owner.call('console.deleteRole', { params: at })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('ACC-05 a shop keeps an owner, even when two owners remove one another at once', async () => {
    const { id: ownerRole } = await roleNamed('店主')
    const first = { ...params, staffId: await ownerId() }
    await expect(
      shop.owner.call('console.updateStaff', { params: first, body: { state: 'disabled' } }),
    ).rejects.toMatchObject({ code: 'LAST_OWNER' })
    const readOnly = await roleNamed('只读')
    await expect(
      shop.owner.call('console.updateStaff', { params: first, body: { roleIds: [readOnly.id] } }),
    ).rejects.toMatchObject({ code: 'LAST_OWNER' })

    const body = { account: 'co-owner', name: '合伙人', password: PASSWORD, roleIds: [ownerRole] }
    const second = { ...params, staffId: (await shop.owner.call('console.createStaff', { params, body })).id }
    const partner = await app.signIn('co-owner')
    const outcomes = await Promise.allSettled([
      shop.owner.call('console.updateStaff', { params: second, body: { roleIds: [readOnly.id] } }),
      partner.call('console.updateStaff', { params: first, body: { roleIds: [readOnly.id] } }),
    ])
    expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    const owners = await app.app.db.read('system', (tx) =>
      tx.rows(sql`select from member_roles where shop_id = ${shop.shopId} and role_id = ${ownerRole}`),
    )
    expect(owners).toHaveLength(1)
    if (outcomes[1]!.status === 'fulfilled') shop.owner = partner
  })
})

describe('the audit trail', () => {
  test('ACC-05 says who changed what, with before and after', async () => {
    const staff = await app.staffWith(shop, ['catalog.read'])
    await shop.owner.call('console.updateStaff', {
      params: { ...params, staffId: staff.staffId },
      body: { name: '新名字', resetPassword: 'a-new-password' },
    })
    const { items } = await shop.owner.call('console.audit', { params, query: { entityId: staff.staffId } })
    expect(items.map((entry) => entry.action)).toEqual([
      'identity.update-staff',
      'identity.sign-in',
      'identity.create-staff',
    ])
    expect(items[0]).toMatchObject({
      actorKind: 'staff',
      entity: 'staff',
      before: { state: 'active' },
      after: { state: 'active' },
    })
    expect(JSON.stringify(items)).not.toContain('a-new-password')
    expect(JSON.stringify(items)).not.toMatch(/argon2|passwordHash/)
  })

  test('ACC-05 keeps changes of settings with their old value', async () => {
    const name = 'orders.unpaid-timeout-minutes'
    await shop.owner.call('console.setSetting', { params: { ...params, name }, body: { value: 45, version: 0 } })
    const { items } = await shop.owner.call('console.settingHistory', { params: { ...params, name } })
    expect(items[0]).toMatchObject({ after: 45 })
    expect((await shop.owner.call('console.audit', { params, query: { entity: 'setting' } })).items).not.toHaveLength(0)
  })

  test('ACC-05 SYS-03 is a chain that verifies, can be changed by nobody, and shows a change made behind its back', async () => {
    const verify = () => app.app.db.read('system', (tx) => verifyAuditChain(tx, shop.shopId))
    const before = await verify()
    expect(before).toMatchObject({ ok: true })
    expect(before.checked).toBeGreaterThan(20)
    for (const statement of [sql`update audit_log set summary = 'nothing happened'`, sql`delete from audit_log`]) {
      const changed = await app.app.db.tx({ shopId: shop.shopId }, (tx) => tx.exec(statement)).catch(() => 0)
      expect(changed).toBe(0)
    }
    expect(await verify()).toEqual(before)
  })

  test('ACC-05 entries are listed page by page, each once', async () => {
    const numbers: string[] = []
    let cursor: string | undefined
    do {
      const page = await shop.owner.call('console.audit', {
        params,
        query: { limit: 7, ...(cursor ? { cursor } : {}) },
      })
      numbers.push(...page.items.map((entry) => entry.id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    const { checked } = await app.app.db.read('system', (tx) => verifyAuditChain(tx, shop.shopId))
    expect([numbers.length, new Set(numbers).size]).toEqual([checked, checked])
  })
})
