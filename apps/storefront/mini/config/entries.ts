import fs from 'node:fs'
import path from 'node:path'
import { folderOf, MAIN, PAGE_NAMES, SUBPACKAGES } from '../../src/platform/mini/places.ts'
import type { PageName } from '../../src/routes.ts'

/** What the bar says until the page has its own title. */
const TITLES: Partial<Record<PageName, string>> = {
  detail: '商品详情',
  search: '搜索',
  cart: '购物车',
  checkout: '确认订单',
  'checkout-together': '合并结算',
  together: '合并支付',
  pay: '支付订单',
  result: '支付结果',
  orders: '我的订单',
  order: '订单详情',
  'aftersale-apply': '申请售后',
  invoice: '发票',
  aftersales: '退款/售后',
  aftersale: '售后详情',
  me: '我的',
  earnings: '收益与提现',
  'earning-shares': '收益明细',
  withdraw: '提现到微信',
  addresses: '收货地址',
  profile: '个人资料',
  leave: '注销账号',
  reviews: '商品评价',
  review: '写评价',
  'my-reviews': '我的评价',
  favourites: '我的收藏',
  seen: '浏览足迹',
  privacy: '隐私设置',
  legal: '协议与政策',
}
/** Pages that somebody else may see: they can be shared; what is the buyer's own cannot. */
const SHARED = new Set<string>(['home', 'category', 'search', 'page', 'detail', 'reviews'])
/** Pages that hold what the buyer is typing, or a payment under way: pulling them down must not reload them. */
const STILL = new Set<string>([
  'checkout',
  'checkout-together',
  'pay',
  'result',
  'together',
  'review',
  'aftersale-apply',
  'invoice',
  'profile',
  'withdraw',
])

/** Writes one entry per page of the storefront below `src`, so that no page can be missing here. */
export function writeEntries(src: string): void {
  for (const folder of [MAIN, ...SUBPACKAGES]) fs.rmSync(path.join(src, folder), { recursive: true, force: true })
  for (const name of PAGE_NAMES) {
    const folder = path.join(src, folderOf(name), name)
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(
      path.join(folder, 'index.tsx'),
      `import page from '../../../../src/pages/${name}/index.tsx'\nimport { mountPage } from '../../mount'\n\nexport default mountPage(page)\n`,
    )
    const config = {
      navigationBarTitleText: TITLES[name] ?? '',
      enablePullDownRefresh: !STILL.has(name),
      enableShareAppMessage: SHARED.has(name),
      enableShareTimeline: SHARED.has(name),
    }
    fs.writeFileSync(
      path.join(folder, 'index.config.ts'),
      `export default definePageConfig(${JSON.stringify(config)})\n`,
    )
  }
}
