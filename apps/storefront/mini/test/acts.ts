import type { Program } from './program.ts'
import type { Screen } from './screen.ts'
import { textOf } from './tree.ts'

/** Where the program was built to reach its shop; also the domain that WeChat lets it talk to. */
export const DOMAIN = 'http://127.0.0.1:8080'

/** Looks for a product from the home page, chooses a SKU and puts it into the cart. Answers the product's title. */
export async function putIntoCart(program: Program, words: string): Promise<string> {
  const home = program.screen
  const search = await home.tap(home.find('zg-home-search'))
  const field = search.field('搜索本店商品')
  await search.type(field, words)
  const found = await search.confirm(field, words)
  const detail = await found.tap(found.find('zg-card-link', words))
  const title = textOf(detail.find('zg-detail-title'))
  await detail.tap(detail.find('zg-button', '加入购物车'))
  await chooseFirst(detail)
  const last = detail.all('zg-sheet-foot').at(-1)
  if (!last) throw new Error('The sheet to choose from is not open')
  const [button] = detail.all('zg-button').filter((one) => JSON.stringify(last).includes(`"${one.sid}"`))
  await detail.tap(button!)
  await program.back()
  await program.back()
  return title
}

/** The first value of each option that can still be chosen. */
async function chooseFirst(detail: Screen): Promise<void> {
  for (const group of detail.all('zg-sku-values')) {
    const values = detail.all('zg-sku-value').filter((one) => JSON.stringify(group).includes(`"${one.sid}"`))
    const open = values.find((one) => !String(one.cl).includes('zg-sku-closed'))
    if (open && !String(open.cl).includes('zg-sku-chosen')) await detail.tap(open)
  }
}

/** From the cart to the page where it is paid, with an address out of WeChat's book when there is none yet. */
export async function buyFromCart(program: Program): Promise<Screen> {
  const cart = program.screen
  const checkout = await cart.tap(cart.find('zg-button', '结算'))
  if (checkout.has('zg-button', '同意并继续')) await checkout.tap(checkout.find('zg-button', '同意并继续'))
  if (checkout.has('zg-checkout-address', '添加收货地址')) {
    await checkout.tap(checkout.find('zg-checkout-address'))
    await importAddress(program)
    await checkout.tap(checkout.find('zg-button', '保存地址'))
  }
  await checkout.tap(checkout.find('zg-button', '提交订单'))
  return program.idle()
}

const ADDRESS = {
  userName: '林晓雨',
  telNumber: '13800138000',
  provinceName: '浙江省',
  cityName: '杭州市',
  countyName: '西湖区',
  streetName: '文新街道',
  detailInfo: '文三路 100 号',
  detailInfoNew: '文三路 100 号',
  postalCode: '310000',
  nationalCode: '330106',
}

/** Takes an address out of WeChat's own book, agreeing to the privacy guideline when WeChat asks. */
export async function importAddress(program: Program): Promise<void> {
  const screen = program.screen
  program.phone.address = ADDRESS
  await screen.tap(screen.find('zg-button', '导入微信收货地址'))
  if (screen.has('zg-button', '同意并继续')) await screen.tap(screen.find('zg-button', '同意并继续'))
}
