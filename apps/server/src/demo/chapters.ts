import type { DemoCase } from './aftersale.ts'
import type { DemoReview } from './reviews.ts'

/** How far an order has come when the demo opens. */
export type Until = 'placed' | 'paid' | 'held' | 'ready' | 'shipped' | 'received'

/** How a parcel fares with the simulator's carriers; see its `express/journey.ts`. */
export interface Journey {
  carrierCode: 'SF' | 'ZTO' | 'YTO'
  from: string
  to: string
  course: 'delivered' | 'stalled' | 'problem'
  ageHours: number
}

export interface Chapter {
  /** Place of the buyer among the simulator's people. */
  person: number
  /** Words in the titles of what they buy. */
  goods: readonly string[]
  until: Until
  city: readonly [province: string, city: string, district: string]
  place: string
  way?: 'same-city' | 'pick-up'
  journey?: Journey
  reviews?: readonly DemoReview[]
  /** What is wanted back of it. */
  aftersale?: DemoCase
}

const journey = (to: string, more: Partial<Journey> = {}): Journey => ({
  ...{ carrierCode: 'SF', from: '杭州市', to, course: 'delivered', ageHours: 0 },
  ...more,
})

const review = (of: string, stars: number, text: string, more: Partial<DemoReview> = {}): DemoReview => ({
  ...{ of, stars, text, tags: [], pictures: 0, isShown: true, reply: '' },
  ...more,
})

/** What the simulator's people do in the demo shop; of one person the orders follow one another. */
export const STORY: readonly Chapter[] = [
  {
    ...{
      person: 0,
      goods: ['明前龙井', '柴烧饭碗'],
      until: 'received',
      city: ['广东省', '深圳市', '南山区'],
      place: '科技园科苑路 15 号',
    },
    journey: journey('深圳市', { ageHours: 40 }),
    reviews: [
      review('明前龙井', 5, '茶汤清亮，豆香明显，包装也很用心，送长辈很有面子。', {
        ...{ pictures: 2, tags: ['质量好', '包装用心'] },
        reply: '谢谢您的认可！开封后放冰箱冷藏，香气能留得更久。',
      }),
      review('柴烧饭碗', 3, '碗很有味道，就是物流慢了点，盒角有点压痕。', {
        reply: '抱歉让您久等了，压痕我们已经反馈给仓库加固包装，您若发现破损随时找我们补发。',
      }),
    ],
    aftersale: {
      ...{ line: 1, type: 'return', reasonCode: 'quality', pictures: 2, steps: [] },
      note: '用了两次，碗口有一道裂纹，照片里能看到',
    },
  },
  {
    ...{
      person: 1,
      goods: ['云南小粒咖啡豆'],
      until: 'received',
      city: ['上海市', '上海市', '徐汇区'],
      place: '衡山路 8 弄 502',
    },
    journey: journey('上海市', { carrierCode: 'ZTO', ageHours: 40 }),
    // with a picture: it waits for somebody to look at it
    reviews: [
      review('云南小粒咖啡豆', 5, '第二次买了，办公室都说香。', { pictures: 1, tags: ['会再买'], isShown: false }),
    ],
    aftersale: {
      ...{ line: 0, type: 'refund', reasonCode: 'price', amountFen: 500, steps: ['approve'] },
      note: '第二天就降价了，客服说退差价',
    },
  },
  {
    person: 2,
    goods: ['赣南脐橙', '潮汕牛肉丸', '百花蜂蜜'],
    until: 'paid',
    city: ['浙江省', '杭州市', '西湖区'],
    place: '文三路 90 号',
  },
  { person: 3, goods: ['香薰蜡烛'], until: 'held', city: ['北京市', '北京市', '朝阳区'], place: '望京街 10 号院' },
  {
    person: 4,
    goods: ['耶加雪菲', '马克杯'],
    until: 'placed',
    city: ['四川省', '成都市', '武侯区'],
    place: '人民南路四段 19 号',
  },
  {
    ...{
      person: 5,
      goods: ['护手霜'],
      until: 'shipped',
      city: ['广东省', '广州市', '天河区'],
      place: '体育东路 138 号',
    },
    journey: journey('广州市', { carrierCode: 'YTO', course: 'stalled', ageHours: 60 }),
    aftersale: {
      ...{ line: 0, type: 'refund', reasonCode: 'not-arrived', steps: ['reject', 'dispute'] },
      note: '物流好几天没动静了',
    },
  },
  {
    ...{
      person: 0,
      goods: ['茉莉花茶'],
      until: 'ready',
      city: ['广东省', '深圳市', '南山区'],
      place: '科技园科苑路 15 号',
    },
    way: 'pick-up',
  },
  {
    ...{
      person: 1,
      goods: ['亚麻围裙'],
      until: 'shipped',
      city: ['上海市', '上海市', '徐汇区'],
      place: '衡山路 8 弄 502',
    },
    journey: journey('上海市'),
    aftersale: {
      line: 0,
      type: 'exchange',
      reasonCode: 'wrong-size',
      note: '想换一条新的，系带短了',
      steps: ['approve'],
    },
  },
  {
    ...{
      person: 2,
      goods: ['红糖姜茶膏'],
      until: 'shipped',
      city: ['浙江省', '杭州市', '西湖区'],
      place: '文三路 90 号',
    },
    journey: journey('杭州市', { carrierCode: 'ZTO', from: '深圳市', course: 'problem', ageHours: 36 }),
    aftersale: {
      ...{ line: 0, type: 'return', reasonCode: 'no-reason', note: '家里已经有了', steps: ['approve', 'send-back'] },
    },
  },
  {
    ...{ person: 3, goods: ['酸辣粉'], until: 'paid', city: ['广东省', '深圳市', '福田区'], place: '深南大道 6021 号' },
    way: 'same-city',
  },
]
