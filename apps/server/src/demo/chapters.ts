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
  /** How many kinds they buy. */
  kinds: number
  until: Until
  city: readonly [province: string, city: string, district: string]
  place: string
  way?: 'same-city' | 'pick-up'
  journey?: Journey
  reviews?: readonly DemoReview[]
}

const journey = (to: string, more: Partial<Journey> = {}): Journey => ({
  ...{ carrierCode: 'SF', from: '杭州市', to, course: 'delivered', ageHours: 0 },
  ...more,
})

const review = (stars: number, text: string, more: Partial<DemoReview> = {}): DemoReview => ({
  ...{ stars, text, tags: [], pictures: 0, isShown: true, reply: '' },
  ...more,
})

/** What the simulator's people do in the demo shop; of one person the orders follow one another. */
export const STORY: readonly Chapter[] = [
  {
    ...{ person: 0, kinds: 2, until: 'received', city: ['广东省', '深圳市', '南山区'], place: '科技园科苑路 15 号' },
    journey: journey('深圳市', { ageHours: 40 }),
    reviews: [
      review(5, '茶汤清亮，豆香明显，包装也很用心，送长辈很有面子。', {
        ...{ pictures: 2, tags: ['质量好', '包装用心'] },
        reply: '谢谢您的认可！开封后放冰箱冷藏，香气能留得更久。',
      }),
      review(3, '味道不错，就是物流慢了点，盒角有点压痕。', {
        reply: '抱歉让您久等了，压痕我们已经反馈给仓库加固包装，下次给您补一份小样。',
      }),
    ],
  },
  {
    ...{ person: 1, kinds: 1, until: 'received', city: ['上海市', '上海市', '徐汇区'], place: '衡山路 8 弄 502' },
    journey: journey('上海市', { carrierCode: 'ZTO', ageHours: 40 }),
    // with a picture: it waits for somebody to look at it
    reviews: [review(5, '第二次买了，办公室都说香。', { pictures: 1, tags: ['会再买'], isShown: false })],
  },
  { person: 2, kinds: 3, until: 'paid', city: ['浙江省', '杭州市', '西湖区'], place: '文三路 90 号' },
  { person: 3, kinds: 1, until: 'held', city: ['北京市', '北京市', '朝阳区'], place: '望京街 10 号院' },
  { person: 4, kinds: 2, until: 'placed', city: ['四川省', '成都市', '武侯区'], place: '人民南路四段 19 号' },
  {
    ...{ person: 5, kinds: 1, until: 'shipped', city: ['广东省', '广州市', '天河区'], place: '体育东路 138 号' },
    journey: journey('广州市', { carrierCode: 'YTO', course: 'stalled', ageHours: 60 }),
  },
  {
    ...{ person: 0, kinds: 1, until: 'ready', city: ['广东省', '深圳市', '南山区'], place: '科技园科苑路 15 号' },
    way: 'pick-up',
  },
  {
    ...{ person: 1, kinds: 1, until: 'shipped', city: ['上海市', '上海市', '徐汇区'], place: '衡山路 8 弄 502' },
    journey: journey('上海市'),
  },
  {
    ...{ person: 2, kinds: 1, until: 'shipped', city: ['浙江省', '杭州市', '西湖区'], place: '文三路 90 号' },
    journey: journey('杭州市', { carrierCode: 'ZTO', from: '深圳市', course: 'problem', ageHours: 36 }),
  },
  {
    ...{ person: 3, kinds: 1, until: 'paid', city: ['广东省', '深圳市', '福田区'], place: '深南大道 6021 号' },
    way: 'same-city',
  },
]
