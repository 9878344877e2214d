import { expect, test } from 'vitest'
import { sql } from '../apps/server/src/kernel/db.ts'
import { PLATFORM_SHOP_ID } from '../apps/server/src/kernel/ids.ts'
import { moneyStage } from '../apps/server/src/modules/settlement/testing.ts'
import { PIXEL, RETURN_ADDRESS } from './support/aftersale.ts'
import { agreeToTexts } from './support/app.ts'
import { newKey } from './support/http.ts'
import { addParty, leaveSharingTraces, openidOf, owe } from './support/sharing.ts'

const s = moneyStage()

const trail = (shopId: string) =>
  s.app.app.db.read('system', async (tx) =>
    (
      await tx.rows<{ action: string }>(sql`
      select action from audit_log where shop_id = ${shopId} order by number`)
    ).map((row) => row.action),
  )

/** What `work` leaves in the trail. */
async function leaves(work: () => Promise<unknown>, shopId = s.shop.shopId): Promise<string[]> {
  const before = (await trail(shopId)).length
  await work()
  return (await trail(shopId)).slice(before)
}

test('ACC-05 changes of permissions, keys, payout accounts, limits and stock each leave an entry', async () => {
  const { app, shop } = s
  const { owner, shopId } = shop
  const params = { shopId }
  const role = await owner.call('console.createRole', { params, body: { name: '甲', permissions: ['orders.read'] } })
  const body = { name: '乙', permissions: ['orders.read' as const], version: role.version }
  expect(
    await leaves(() => owner.call('console.updateRole', { params: { ...params, roleId: role.id }, body })),
  ).toEqual(['identity.update-role'])
  const account = { account: `clerk-${newKey()}`, name: '员工', password: 'correct-horse-battery', roleIds: [role.id] }
  expect(await leaves(() => owner.call('console.createStaff', { params, body: account }))).toEqual([
    'identity.create-staff',
  ])
  const spare = await owner.call('console.createRole', { params, body: { name: '丙', permissions: ['orders.read'] } })
  expect(await leaves(() => owner.call('console.deleteRole', { params: { ...params, roleId: spare.id } }))).toEqual([
    'identity.delete-role',
  ])
  const { id: accountId } = await owner.call('console.createChannelAccount', {
    params,
    body: { kind: 'mini-program', name: '小程序' },
  })
  expect(
    await leaves(() =>
      owner.call('console.setAccountCredentials', {
        params: { ...params, accountId },
        body: { values: { appId: 'wx0123456789abcdef' } },
      }),
    ),
  ).toEqual(['accounts.credentials'])
  const party = await owner.call('console.createParty', {
    params,
    body: { kind: 'creator', legal: 'person', name: '带货人' },
  })
  expect(
    await leaves(() =>
      owner.call('console.setPartyAccount', {
        params: { ...params, partyId: party.id },
        body: { account: { kind: 'mchid', value: '1234567890' }, version: party.version },
      }),
    ),
  ).toEqual(['parties.set-account'])
  const { skuIds } = await app.product(shop)
  const { items } = await owner.call('console.warehouses', { params })
  expect(
    await leaves(() =>
      owner.call('console.adjustStock', {
        params,
        idempotencyKey: newKey(),
        body: { warehouseId: items[0]!.id, reason: 'damage', lines: [{ skuId: skuIds[0]!, quantity: -1 }] },
      }),
    ),
  ).toEqual(['stock.adjust'])
  expect(
    await leaves(() =>
      owner.call('console.setSetting', {
        params: { ...params, name: 'orders.refund-step-up-fen' },
        body: { value: 1, version: 0 },
      }),
    ),
  ).toEqual(['governance.change-setting'])
  const platform = await app.platformStaff()
  expect(
    await leaves(
      () =>
        platform.call('platform.setSetting', {
          params: { name: 'identity.step-up-minutes' },
          body: { value: 3, version: 0 },
        }),
      PLATFORM_SHOP_ID,
    ),
  ).toEqual(['governance.change-setting'])
})

test('ACC-05 ACC-08 a large refund asks who one is, leaves an entry, and an order leaves none', async () => {
  const { app, shop } = s
  const buyer = await app.buyer()
  const { skuIds } = await app.product(shop)
  let order!: Awaited<ReturnType<typeof app.order>>
  expect(
    await leaves(async () => {
      order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
    }),
  ).toEqual([])
  await app.pay(buyer, order)
  await app.settle()
  await shop.owner.call('console.setSetting', {
    params: { shopId: shop.shopId, name: 'orders.refund-step-up-fen' },
    body: { value: 1, version: 0 },
  })
  const fresh = app.visitor()
  await fresh.call('auth.staffSignIn', { body: { account: shop.ownerAccount, password: 'correct-horse-battery' } })
  const refund = (staff = shop.owner) =>
    staff.call('console.refundOrder', {
      params: { shopId: shop.shopId, orderId: order.orderId },
      idempotencyKey: newKey(),
      body: { reason: '缺货' },
    })
  await expect(refund(fresh)).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED', body: { data: { purpose: 'refund' } } })
  expect(await leaves(() => refund())).toContain('orders.refund')
})

test('ACC-05 money that is withdrawn, frozen, held as deposit or waits for another day leaves entries', async () => {
  const { app } = s
  app.sim.topUp(10_000_000)
  let buyer = await app.buyer()
  await agreeToTexts(buyer, s.params.shopId)
  await s.settledOrder(100_000)
  await s.moveDays(14)
  buyer = await app.buyer(buyer.person)
  const { params } = s
  const owner = s.shop.owner
  const account = { buyerId: buyer.buyerId, realName: app.sim.people.get(buyer.person)!.name, version: 0 }
  expect(await leaves(() => owner.call('console.setPayoutAccount', { params, body: account }))).toHaveLength(1)
  const key = newKey()
  const withdraw = () => owner.call('console.withdraw', { params, idempotencyKey: key, body: { amountFen: 10_000 } })
  // Asked twice, done once: one entry.
  expect(await leaves(() => Promise.all([withdraw(), withdraw()]))).toEqual(['settlement.withdraw'])
  const { id: withdrawalId } = await withdraw()
  const call = () => owner.call('console.cancelWithdrawal', { params: { ...params, withdrawalId } })
  expect(await leaves(call)).toEqual(['settlement.cancel-withdrawal'])
  const paidIn = { kind: 'paid-in', amountFen: 5_000 } as const
  const deposit = () => owner.call('console.moveDeposit', { params, idempotencyKey: newKey(), body: paidIn })
  expect(await leaves(deposit)).toEqual(['settlement.deposit'])

  const platform = await app.platformStaff()
  const deduct = { amountFen: 1_000, reason: '违规发货，赔付买家' }
  expect(
    await leaves(() => platform.call('platform.deductDeposit', { params, idempotencyKey: newKey(), body: deduct })),
  ).toEqual(['settlement.deposit'])
  const what = { what: { kind: 'amount', amountFen: 8_000 }, caseKind: 'serious', reason: '疑似刷单' } as const
  const freeze = () => platform.call('platform.openFreeze', { params, idempotencyKey: newKey(), body: what })
  expect(await leaves(freeze)).toEqual(['settlement.freeze'])
  const { items } = await owner.call('console.freezes', { params, query: { limit: 5 } })
  const freezeId = items[0]!.id
  const decide = (version: number) => ({ params: { freezeId }, body: { reason: '还在核查', version } })
  expect(await leaves(() => platform.call('platform.prolongFreeze', decide(1)))).toEqual(['settlement.prolong-freeze'])
  expect(await leaves(() => platform.call('platform.releaseFreeze', decide(2)))).toEqual(['settlement.release-freeze'])
  const level = { level: 'trusted' as const, version: 0 }
  expect(await leaves(() => platform.call('platform.setMerchantLevel', { params, body: level }))).toEqual([
    'settlement.set-level',
  ])
})

test('ACC-05 what a party withdraws itself leaves an entry of its shop', async () => {
  const { app, shop, params } = s
  app.sim.topUp(10_000_000)
  const buyer = await app.buyer()
  const party = await addParty(shop, { account: { kind: 'openid', value: openidOf(app, buyer.person) } })
  await owe(app, shop, party.id, 5_000)
  const withdraw = () =>
    buyer.call('buyer.withdrawShare', {
      params: { ...params, partyId: party.id },
      idempotencyKey: newKey(),
      body: { amountFen: 2_000 },
    })
  expect(await leaves(withdraw)).toEqual(['settlement.withdraw'])
})

test('ACC-05 contracts and the freezing of shares leave entries', async () => {
  const { params } = s
  const { owner } = s.shop
  const { partyId, contractId } = await leaveSharingTraces(s.shop)
  const at = { ...params, contractId }
  const body = { state: 'active' as const, version: 1 }
  expect(await leaves(() => owner.call('console.setContractState', { params: at, body }))).toEqual([
    'contracts.set-state',
  ])
  const { contract } = await owner.call('console.contract', { params: at })
  const terms = { goods: contract.goods, rate: { kind: 'bp' as const, bp: 900 }, validFrom: contract.validFrom }
  const change = { ...terms, name: '改动', version: contract.version }
  expect(await leaves(() => owner.call('console.updateContract', { params: at, body: change }))).toEqual([
    'contracts.update',
  ])
  const draft = await owner.call('console.createContract', { params, body: { ...terms, partyId, name: '草稿' } })
  const remove = () => owner.call('console.deleteContract', { params: { ...params, contractId: draft.id } })
  expect(await leaves(remove)).toEqual(['contracts.delete'])
  expect(await leaves(() => addParty(s.shop))).toEqual(['parties.create', 'parties.set-account'])
  const party = { params: { ...params, partyId } }
  const freeze = () => owner.call('console.freezeShares', { ...party, body: { reason: '核实身份' } })
  expect(await leaves(freeze)).toEqual(['sharing.freeze'])
  const release = () => owner.call('console.releaseShares', { ...party, body: { reason: '已核实' } })
  expect(await leaves(release)).toEqual(['sharing.release'])
})

test('ACC-05 ACC-08 codes that receive money, payments and refunds by them leave entries; a large one asks who one is', async () => {
  const { app, shop, params } = s
  const { owner } = shop
  const set = (name: string, value: unknown) =>
    owner.call('console.setSetting', { params: { ...params, name }, body: { value, version: 0 } })
  await set('personal-code.enabled', true)
  const file = new Blob([PIXEL], { type: 'image/png' })
  const { fileId } = await owner.call('console.uploadPersonalCode', { params, file, fileName: '码.png' })
  const code = { scheme: 'personal' as const, label: '店主', payee: '*明', fileId, singleLimitFen: 100_000 }
  const save = (staff = owner) =>
    staff.call('console.savePersonalCode', {
      params: { ...params, codeId: newKey() },
      body: { ...code, active: true, version: 0 },
    })
  expect(await leaves(() => save())).toEqual(['personal-code.code'])
  const { skuIds } = await app.product(shop)
  const buyer = await app.buyer()
  const pay = async () => {
    const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
    const { id } = await buyer.call('personalCode.open', { params: { ...params, orderId: order.orderId } })
    await buyer.call('personalCode.claim', { params: { ...params, orderId: order.orderId }, body: {} })
    return { order, at: { params: { ...params, personalPaymentId: id } } }
  }
  const refused = await pay()
  expect(
    await leaves(() => owner.call('console.refusePersonalPayment', { ...refused.at, body: { reason: '没有到账' } })),
  ).toEqual(['personal-code.refuse'])
  const { order, at } = await pay()
  const confirm = (staff = owner) =>
    staff.call('console.confirmPersonalPayment', {
      ...at,
      body: { receivedFen: order.totalFen, receivedAt: app.clock.instant(), transactionNo: 'A1000001' },
    })
  await set('personal-code.confirm-step-up-fen', 1)
  const fresh = app.visitor()
  await fresh.call('auth.staffSignIn', { body: { account: shop.ownerAccount, password: 'correct-horse-battery' } })
  for (const call of [save, confirm])
    await expect(call(fresh)).rejects.toMatchObject({ code: expect.stringMatching(/^STEP_UP_/) })
  expect(await leaves(() => confirm())).toContain('personal-code.confirm')
  await app.settle()
  const body = { reason: '缺货' }
  const key = { params: { ...params, orderId: order.orderId }, idempotencyKey: newKey() }
  await owner.call('console.refundOrder', { ...key, body })
  await app.settle()
  const [owed] = (await owner.call('console.personalRefunds', { params })).items
  const record = () =>
    owner.call('console.recordPersonalRefund', {
      params: { ...params, personalRefundId: owed!.id },
      body: { transactionNo: 'B1000001', paidAt: app.clock.instant(), fileIds: [fileId] },
    })
  expect(await leaves(record)).toContain('personal-code.refund')
})

test('ACC-05 PAY-06 invoices that are issued, refused and reversed leave entries', async () => {
  const { app, shop, params } = s
  const { owner } = shop
  const { skuIds } = await app.product(shop)
  const buyer = await app.buyer()
  const asked = async () => {
    const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
    await app.pay(buyer, order)
    await app.settle()
    const key = { params: { ...params, orderId: order.orderId } }
    return buyer.call('invoices.ask', { ...key, body: { kind: 'person', type: 'ordinary', title: '个人' } })
  }
  const at = (invoiceId: string) => ({ params: { ...params, invoiceId } })
  const { id, amountFen } = await asked()
  const issuedOn = app.clock.instant().slice(0, 10)
  const body = { number: '10000001', issuedOn, amountFen, link: 'https://a.example.cn/1' }
  expect(await leaves(() => owner.call('console.issueInvoice', { ...at(id), body }))).toEqual(['invoices.issue'])
  const red = { number: '10000002', reason: '抬头错' }
  expect(await leaves(() => owner.call('console.reverseInvoice', { ...at(id), body: red }))).toEqual([
    'invoices.reverse',
  ])
  const other = at((await asked()).id)
  const refuse = () => owner.call('console.refuseInvoice', { ...other, body: { reason: '不开' } })
  expect(await leaves(refuse)).toEqual(['invoices.refuse'])
})

test('ACC-05 decisions of after-sale cases and their rules leave entries', async () => {
  const { app, shop, params } = s
  const { owner } = shop
  const addresses = { version: 0, addresses: [RETURN_ADDRESS] }
  expect(await leaves(() => owner.call('console.saveReturnAddresses', { params, body: addresses }))).toEqual([
    'aftersale.addresses',
  ])
  const auto = { params: { ...params, name: 'aftersale.auto-unshipped' }, body: { value: false, version: 0 } }
  await owner.call('console.setSetting', auto)
  const { skuIds } = await app.product(shop)
  const buyer = await app.buyer()
  const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 2]])
  await app.pay(buyer, order)
  await app.settle()
  const apply = () =>
    buyer.call('aftersale.apply', {
      params: { ...params, orderId: order.orderId },
      idempotencyKey: newKey(),
      body: { type: 'refund', reasonCode: 'not-wanted', lines: [{ line: 0, quantity: 1 }] },
    })
  const first = await apply()
  const refuse = { params: { ...params, caseId: first.id }, body: { reason: '已经打包' } }
  expect(await leaves(() => owner.call('console.rejectAftersale', refuse))).toEqual(['aftersale.reject'])
  await buyer.call('aftersale.dispute', { params: { ...params, caseId: first.id }, body: { text: '还没有发货' } })
  const platform = await app.platformStaff()
  const ruling = { outcome: 'refund', reason: '尚未发货，应当退款' } as const
  expect(
    await leaves(() =>
      platform.call('platform.ruleAftersale', { params: { ...params, caseId: first.id }, body: ruling }),
    ),
  ).toContain('aftersale.rule')
  await app.settle()
  const second = await apply()
  const agree = { params, body: { caseIds: [second.id] } }
  expect(await leaves(() => owner.call('console.approveAftersales', agree))).toContain('aftersale.approve')
  await app.settle()
  const two = await app.order(buyer, shop.shopId, [[skuIds[0]!, 2]])
  await app.pay(buyer, two)
  await app.settle()
  const give = {
    params: { ...params, orderId: two.orderId },
    idempotencyKey: newKey(),
    body: { reasonCode: 'late', lines: [{ line: 0, quantity: 1 }] },
  }
  expect(await leaves(() => owner.call('console.refundUnits', give))).toContain('aftersale.refund-units')
})
