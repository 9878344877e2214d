import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { newKey, visit } from '../../../../tests/support/http.ts'
import { buyFromCart, DOMAIN, importAddress, putIntoCart } from './acts.ts'
import { compile, DIST, filesOf, NO_COMPILER, wordsShown } from './compilers.ts'
import { Phone } from './phone.ts'
import { Program } from './program.ts'

const { url, simulatorUrl, signIns } = inject('miniShop')
/** The first screen of a mini program is fast when what it hands to WeChat is small (SYS-02). */
const SET_DATA_BYTES = 32 * 1024

/** Signed in as the shop's owner. */
async function asOwner() {
  const staff = visit(url)
  const { user, password } = signIns[0]!
  const { session } = await staff.call('auth.staffSignIn', { body: { account: user, password } })
  return { staff, params: { shopId: session!.shops[0]!.id } }
}

async function setAsOwner(name: string, value: unknown): Promise<void> {
  const { staff, params } = await asOwner()
  const { items } = await staff.call('console.settings', { params })
  const { version } = items.find((item) => item.name === name)!
  await staff.call('console.setSetting', { params: { ...params, name }, body: { value, version } })
}

async function ship(orderNo: string): Promise<void> {
  const { staff, params } = await asOwner()
  const { items } = await staff.call('console.orders', { params, query: { q: orderNo } })
  await staff.call('console.shipOrder', {
    params: { ...params, orderId: items[0]!.id },
    idempotencyKey: newKey(),
    body: { carrierCode: 'SF', trackingNo: 'SF7788990011' },
  })
}

let phone: Phone
let program: Program
beforeEach(() => {
  phone = new Phone({ simulatorUrl, person: '林晓雨', domains: { [DOMAIN]: url } })
  program = new Program(DIST, phone)
})
afterEach(() => {
  program.close()
  expect(program.errors).toEqual([])
})

describe('looking around', () => {
  test('SYS-02 the first screen of the mini program is handed over in pieces of at most 32 kB', async () => {
    const home = await program.launch('pages/home/index')
    expect(home.text).toContain('巷口生活铺')
    expect(home.all('zg-card')).toHaveLength(20)
    const largest = Math.max(...home.sizes)
    console.log(`largest setData of the first screen: ${largest} bytes`)
    expect(largest).toBeLessThanOrEqual(SET_DATA_BYTES)
  })

  test('UX-01 mini program: more products come at the end; pulling down loads again', async () => {
    const home = await program.launch('pages/home/index')
    await home.reachBottom()
    expect(home.all('zg-card').length).toBeGreaterThan(20)
    await home.pullDown()
    expect(home.isPulled).toBe(false)
    expect(home.all('zg-card')).toHaveLength(20)
  })

  test('UX-01 mini program: a category is a tab with parameters, which WeChat has not', async () => {
    const home = await program.launch('pages/home/index')
    const category = await home.tap(home.find('zg-navgrid-item', '茶叶'))
    expect(category.route).toBe('pages/category/index')
    expect(category.has('zg-category-top-on', '茶饮')).toBe(true)
    // the tab is alive by now, and is told of the next one
    await program.tab('pages/home/index')
    expect(await home.tap(home.find('zg-navgrid-item', '新鲜水果'))).toBe(category)
    expect(category.has('zg-category-top-on', '美食')).toBe(true)
  })

  test('UX-01 mini program: pictures are as large as the screen needs', async () => {
    const home = await program.launch('pages/home/index')
    const [picture] = home.picturesOf(home.find('zg-card'))
    // 46 % of 375 points at two pixels a point
    expect(picture).toMatch(/^http:\/\/127\.0\.0\.1:8080\/.*[?&]w=400$/)
    const { statusCode } = (await phone.fetch({ url: picture!, timeout: 1_000 })) as { statusCode: number }
    expect(statusCode).toBe(200)
  })

  test('UX-02 mini program: the shop’s own colours are on every page, and none that it has not chosen', async () => {
    const plain = await program.launch('pages/home/index')
    expect(String(plain.root.st ?? '')).not.toContain('--zg-action')
    await setAsOwner('shop.action-color', '#1677ff')
    try {
      const coloured = new Program(DIST, phone)
      const home = await coloured.launch('pages/home/index')
      expect(home.root.st).toContain('--zg-action:')
      coloured.close()
      expect(coloured.errors).toEqual([])
    } finally {
      await setAsOwner('shop.action-color', null)
    }
  })

  test.skipIf(NO_COMPILER)('UX-01 mini program: WeChat’s compiled templates show every word of the page', async () => {
    const home = await program.launch('pages/home/index')
    const { stdout } = compile('wcc', ['-d', ...filesOf('.wxml'), ...filesOf('.wxs')])
    expect(wordsShown(stdout, home.route, home.self.data).join('|')).toBe(home.text)
  })

  test('UX-01 mini program: without a network the page says so and can be tried again', async () => {
    phone.isOffline = true
    const home = await program.launch('pages/home/index')
    expect(home.text).toContain('网络不给力')
    phone.isOffline = false
    await home.tap(home.find('zg-button', '重试'))
    expect(home.all('zg-card')).toHaveLength(20)
  })

  test('UX-01 mini program: a page that does not exist leads home', async () => {
    const home = await program.launch('pages/long-gone/index')
    expect(home.route).toBe('pages/home/index')
    expect(phone.toasts).toEqual(['页面不存在，已为你打开首页'])
  })

  test('UX-01 mini program: a newer version is put in place when the buyer says so', async () => {
    await program.launch('pages/home/index')
    phone.confirms = false
    phone.onUpdateReady?.()
    await program.idle()
    expect(program.callsOf('applyUpdate')).toHaveLength(0)
    phone.confirms = true
    phone.onUpdateReady?.()
    await program.idle()
    expect(phone.modals.at(-1)).toContain('新版本已就绪')
    expect(program.callsOf('applyUpdate')).toHaveLength(1)
  })
})

describe('from the first look to the parcel', () => {
  test('UX-01 PAY-01 mini program: home, search, detail, SKU, cart, checkout, payment, result, orders, order', async () => {
    await program.launch('pages/home/index')
    const title = await putIntoCart(program, '酸辣粉')
    const carts = program.callsOf('request').filter(({ url: at }) => String(at).endsWith('/api/cart/lines'))
    expect(carts.at(-1)?.header).not.toHaveProperty('authorization')

    // a guest's cart follows into the account that WeChat vouches for
    const cart = await program.tab('pages/cart/index')
    expect(program.callsOf('setTabBarBadge').at(-1)).toMatchObject({ index: 2, text: '1' })
    expect(cart.text).toContain(title)
    await buyFromCart(program)

    // the payment window opens by itself; the server says whether money moved
    const result = await program.until(() => program.screen.has('zg-result-title', '支付成功'), 'the result')
    expect(result.route).toBe('trade/result/index')
    const order = await result.tap(result.find('zg-button', '查看订单'))
    expect(order.route).toBe('trade/order/index')
    expect(order.text).toContain('待发货')
    const orders = await program.tab('pages/orders/index')
    expect(orders.find('zg-panel').cl).toBeDefined()
    expect(orders.text).toContain('待发货')
    const again = await orders.tap(orders.find('zg-orders-link'))
    expect(again.route).toBe('trade/order/index')
    expect(again.text).toContain(title)
  })

  test('PAY-01 mini program: a payment that is cancelled keeps the order, one that fails says so, the next one pays', async () => {
    await program.launch('pages/home/index')
    await putIntoCart(program, '酸辣粉')
    phone.payment = 'refuse'
    await program.tab('pages/cart/index')
    const pay = await buyFromCart(program)
    expect(pay.route).toBe('trade/pay/index')
    expect(phone.toasts.at(-1)).toBe('支付已取消，订单为你保留')
    phone.payment = 'broken'
    await pay.tap(pay.find('zg-button', '重新支付'))
    // what went wrong stays on the page, above the button that tries again
    expect(pay.has('zg-pay-trouble', '微信支付没有打开，请稍后再试')).toBe(true)
    expect(phone.toasts.at(-1)).toBe('支付已取消，订单为你保留')
    // UX-04: or another way, or a person
    await pay.tap(pay.find('zg-button', '联系客服'))
    expect(pay.text).toContain('0571-8888 0000')
    await pay.tap(pay.find('zg-button', '用另一台手机扫码付'))
    await program.until(() => pay.has('zg-pay-code', '扫一扫'), 'the code')

    // found again among what waits for payment
    const me = await program.tab('pages/me/index')
    const orders = await me.tap(me.find('zg-me-shortcut', '待付款'))
    expect(orders.route).toBe('pages/orders/index')
    expect(orders.has('zg-orders-tab-on', '待付款')).toBe(true)
    const later = await orders.tap(orders.find('zg-button', '去支付'))
    phone.payment = 'confirm'
    await later.tap(later.find('zg-button', '微信支付'))
    await program.until(() => program.screen.has('zg-result-title', '支付成功'), 'the result')
    expect(program.callsOf('requestPayment')).toHaveLength(3)
  })
})

test('PAY-02 mini program: who earns nothing with a shop is told how to, and is not offered it', async () => {
  await phone.becomeNew()
  await program.launch('pages/home/index')
  const me = await program.tab('pages/me/index')
  await me.tap(me.find('zg-button', '微信登录'))
  expect(program.screen.text).toContain('退款/售后')
  expect(program.screen.text).not.toContain('收益与提现')
  const earnings = await program.launch('more/earnings/index')
  expect(earnings.text).toContain('还没有收益')
})

describe('messages in WeChat', () => {
  test('ACC-01 mini program: after paying the buyer is asked once, and is told when the parcel leaves', async () => {
    await phone.becomeNew()
    await program.launch('pages/home/index')
    await putIntoCart(program, '酸辣粉')
    await program.tab('pages/cart/index')
    await buyFromCart(program)
    await program.until(() => program.screen.has('zg-result-title', '支付成功'), 'the result')
    expect(phone.asked).toEqual([['sim-order-shipped', 'sim-parcel-news', 'sim-refund-result']])
    const order = await program.screen.tap(program.screen.find('zg-button', '查看订单'))
    const [, orderNo] = /订单编号[|\s]*([0-9A-Z-]{10,})/.exec(order.text) ?? []
    await ship(orderNo!)
    const messages = await program.waitFor(phone.messages, (all) => all.some(({ title }) => title === '订单发货通知'))
    const message = messages.find(({ title }) => title === '订单发货通知')!
    // a tap on the message opens the order
    const opened = new Program(DIST, phone)
    const page = await opened.launch(message.page!, 1014)
    opened.close()
    expect(opened.errors).toEqual([])
    expect(page.route).toBe('trade/order/index')
  })

  test('ACC-01 mini program: who rejects messages is not asked again for this order, and buys all the same', async () => {
    phone.subscription = 'reject'
    await program.launch('pages/home/index')
    await putIntoCart(program, '酸辣粉')
    await program.tab('pages/cart/index')
    await buyFromCart(program)
    await program.until(() => program.screen.has('zg-result-title', '支付成功'), 'the result')
    expect(phone.asked).toHaveLength(1)
  })
})

describe("what is the buyer's own", () => {
  test('UX-01 mini program: WeChat is asked for an address only after the buyer has agreed to the privacy guideline', async () => {
    await program.launch('pages/home/index')
    const me = await program.tab('pages/me/index')
    await me.tap(me.find('zg-button', '微信登录'))
    const addresses = await me.tap(me.find('zg-me-row', '收货地址'))
    expect(addresses.route).toBe('more/addresses/index')
    await addresses.tap(addresses.find('zg-button', '新增收货地址'))
    const before = addresses.text
    await addresses.tap(addresses.find('zg-button', '导入微信收货地址'))
    expect(addresses.text).toContain('《掌柜小店用户隐私保护指引》')
    await addresses.tap(addresses.find('zg-button', '不同意'))
    expect(phone.toasts.at(-1)).toBe('没有授权微信地址，可以在下面填写')
    expect(addresses.text).toBe(before)
    await importAddress(program)
    await addresses.tap(addresses.find('zg-button', '保存地址'))
    expect(addresses.text).toContain('浙江省杭州市西湖区文新街道文三路 100 号')
  })

  test('UX-01 mini program: the phone number is bound with WeChat’s own button', async () => {
    await phone.becomeNew()
    await program.launch('pages/me/index')
    const me = program.screen
    await me.tap(me.find('zg-button', '微信登录'))
    expect(me.text).toContain('未绑定手机号')
    await me.tap(me.find('zg-button', '绑定手机号'))
    await me.tap(me.find('zg-button', '不同意'))
    expect(me.text).toContain('未绑定手机号')
    await me.tap(me.find('zg-button', '绑定手机号'))
    await me.tap(me.find('zg-button', '同意并继续'))
    expect(phone.toasts.at(-1)).toBe('手机号已绑定')
    expect(me.text).toMatch(/1\d\d\*{4}\d{4}/)
  })
})

describe('passed on', () => {
  test('UX-05 mini program: a shared product opens for a friend, and the visit is traced to who shared it', async () => {
    await program.launch('pages/home/index')
    const list = program.screen
    const detail = await list.tap(list.find('zg-card-link'))
    const card = await detail.shareToFriend()
    expect(card.title).not.toBe('')
    expect(card.imageUrl).toMatch(/w=800$/)
    expect(card.path).toMatch(/^\/pages\/detail\/index\?id=[0-9a-f-]{36}&from=[0-9A-Za-z]{8,16}&by=[0-9a-f-]{36}$/)
    expect(detail.shareToMoments().query).toContain('from=timeline')

    const friend = new Program(DIST, new Phone({ simulatorUrl, person: '周明', domains: { [DOMAIN]: url } }))
    const opened = await friend.launch(card.path, 1007)
    expect(opened.text).toContain(card.title)
    friend.hide()
    await friend.idle()
    const [batch] = friend.callsOf('request').filter(({ url: at }) => String(at).endsWith('/api/events'))
    const { events } = JSON.parse(String(batch?.data)) as {
      events: { name: string; referrer?: string; from?: string }[]
    }
    const seen = events.find(({ name }) => name === 'page')
    expect(seen?.referrer).toMatch(/^mini:scene=1007&from=/)
    expect(card.path).toContain(`from=${seen?.from}&`)
    friend.close()
    expect(friend.errors).toEqual([])
  })

  test('UX-05 mini program: a code opens the thing it was made for, whatever page WeChat starts with', async () => {
    const { encodeScene } = await import('@zhanggui/contract/mini-scene')
    await program.launch('pages/home/index')
    const home = program.screen
    const detail = await home.tap(home.find('zg-card-link'))
    const { id } = detail.options as { id: string }
    for (const start of ['pages/home/index', 'pages/detail/index']) {
      const scanned = new Program(DIST, new Phone({ simulatorUrl, person: '周明', domains: { [DOMAIN]: url } }))
      const opened = await scanned.launch(`${start}?scene=${encodeURIComponent(encodeScene('d', id, 'shelf3'))}`, 1047)
      expect(opened.route).toBe('pages/detail/index')
      expect(opened.text).toBe(detail.text)
      scanned.close()
      expect(scanned.errors).toEqual([])
    }
  })

  test('UX-02 mini program: a designed page opens from the home page, by its address and by a code; it can be shared', async () => {
    const { encodePageScene } = await import('@zhanggui/contract/mini-scene')
    const home = await program.launch('pages/home/index')
    expect(home.all('zg-banner-slide')).toHaveLength(4)
    const page = await home.tap(home.find('zg-navgrid-item', '当季上新'))
    expect(page.route).toBe('more/page/index')
    expect(page.text).toContain('当季好物，刚刚到店')
    const card = await page.shareToFriend()
    expect(card.path).toMatch(/^\/more\/page\/index\?slug=new-season&from=[0-9A-Za-z]{8,16}&by=[0-9a-f-]{36}$/)
    const code = `pages/home/index?scene=${encodeURIComponent(encodePageScene('new-season', 'shelf3'))}`
    for (const start of [card.path, code]) {
      const friend = new Program(DIST, new Phone({ simulatorUrl, person: '周明', domains: { [DOMAIN]: url } }))
      const opened = await friend.launch(start, 1047)
      expect(opened.route).toBe('more/page/index')
      expect(opened.text).toBe(page.text)
      friend.close()
      expect(friend.errors).toEqual([])
    }
  })
})
