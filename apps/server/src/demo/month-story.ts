/** How an order of the past month went: received unless said otherwise. */
export type Ending = 'received' | 'shipped' | 'refunded' | 'returned' | 'price-refunded'

export interface PastOrder {
  /** Names it for good, so that a load that was broken off does not place it twice. */
  key: string
  /** Place among `MONTH_BUYERS`. */
  buyer: number
  /** Words in the titles of what was bought, one unit of each. */
  goods: readonly string[]
  /** Days before today, and the time of day. */
  at: readonly [daysAgo: number, time: string]
  ending?: Ending
  /** By the merchant's own receive code; the number in their bill. */
  byCode?: string
  /** Left unpaid, to be paid together with a later order. */
  later?: true
  /** Keys of earlier orders that are paid together with this one 合单. */
  with?: readonly string[]
}

export interface MonthBuyer {
  name: string
  phone: string
  city: readonly [province: string, city: string, district: string]
  place: string
}

/** Customers of the past month; the last one is the shopkeeper, who is paid out to. */
export const MONTH_BUYERS: readonly MonthBuyer[] = [
  { name: '沈佳宁', phone: '13800010011', city: ['江苏省', '苏州市', '姑苏区'], place: '平江路 66 号 2 幢 301' },
  { name: '马文涛', phone: '13800010012', city: ['陕西省', '西安市', '雁塔区'], place: '小寨东路 126 号' },
  { name: '何雅婷', phone: '13800010013', city: ['福建省', '厦门市', '思明区'], place: '湖滨南路 388 号 1806' },
  { name: '郭子豪', phone: '13800010014', city: ['湖北省', '武汉市', '洪山区'], place: '珞喻路 1037 号' },
  { name: '许静怡', phone: '13800010015', city: ['山东省', '青岛市', '市南区'], place: '香港中路 40 号 B 座' },
  { name: '林建华', phone: '13800010016', city: ['浙江省', '杭州市', '余杭区'], place: '仓前街道龙舟路 8 号' },
]
export const SHOPKEEPER = MONTH_BUYERS.length - 1

/** Mornings on which the shop is looked after, in days before today: orders are shipped at the next one, received at the one after. */
export const MORNINGS = [27, 24, 21, 18, 15, 12, 9, 6, 4, 2, 1] as const

export const MONTH_ORDERS: readonly PastOrder[] = [
  { key: 'a1', buyer: 0, goods: ['明前龙井'], at: [27, '14:22'] },
  { key: 'a2', buyer: 1, goods: ['云南小粒咖啡豆', '马克杯'], at: [26, '20:47'] },
  { key: 'b1', buyer: 2, goods: ['白牡丹'], at: [24, '12:05'] },
  { key: 'b2', buyer: 3, goods: ['酸菜拌面', '牛肉丸'], at: [23, '21:31'] },
  { key: 'c2', buyer: 0, goods: ['红富士苹果'], at: [20, '09:40'], ending: 'refunded' },
  { key: 'd2', buyer: 2, goods: ['有机棉短袖'], at: [17, '22:16'], ending: 'returned' },
  { key: 'e1', buyer: 3, goods: ['正山小种'], at: [15, '11:33'] },
  { key: 'e2', buyer: 4, goods: ['冷制皂', '护手霜'], at: [14, '19:25'], ending: 'price-refunded' },
  { key: 'f1', buyer: 0, goods: ['无火香薰'], at: [12, '16:44'] },
  { key: 'g1', buyer: 2, goods: ['正山小种', '茉莉花茶'], at: [9, '14:09'] },
  { key: 'g2', buyer: 3, goods: ['柴烧饭碗'], at: [7, '12:30'], byCode: '10002026092017' },
  { key: 'h1', buyer: 4, goods: ['白牡丹'], at: [6, '12:40'] },
  { key: 'h2', buyer: 0, goods: ['亚麻围裙'], at: [5, '21:06'], byCode: '10002026092533' },
  { key: 'i1', buyer: 1, goods: ['云南小粒咖啡豆'], at: [4, '10:57'], ending: 'shipped' },
  { key: 'j1', buyer: 3, goods: ['茉莉花茶'], at: [2, '22:03'], ending: 'shipped', later: true },
  { key: 'j2', buyer: 3, goods: ['牛肉丸'], at: [2, '22:06'], ending: 'shipped', with: ['j1'] },
]
