import { HEAD_STYLES } from '@zhanggui/contract'
import { DEFAULT_THEME, type HexColor } from '@zhanggui/contract/theme'
import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'shop'
const scopes = ['platform', 'shop'] as const

const color = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, '请填写 # 加六位色号，如 #d34600')
  .transform((value) => value as HexColor)

export const actionColor = defineSetting({
  name: 'shop.action-color',
  group,
  schema: color,
  default: DEFAULT_THEME.action,
  title: { zh: '主按钮颜色', en: 'Action colour' },
  help: {
    zh: '购买、支付、价格等主要按钮和文字的颜色；看不清时会自动调整',
    en: 'Of buttons and prices; made darker or lighter by itself until words on it reach a contrast of 4.5:1',
  },
  scopes,
})

export const trustColor = defineSetting({
  name: 'shop.trust-color',
  group,
  schema: color,
  default: DEFAULT_THEME.trust,
  title: { zh: '辅助颜色', en: 'Trust colour' },
  help: {
    zh: '支付、保障、成功等让人放心的地方用的颜色；同样自动保证看得清',
    en: 'Of payment, guarantees and success; kept readable in the same way',
  },
  scopes,
})

export const logo = defineSetting({
  name: 'shop.logo',
  group,
  schema: z
    .string()
    .trim()
    .regex(/^$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, '请上传图片')
    .meta({ format: 'picture' }),
  default: '',
  title: { zh: '店铺 logo', en: 'Shop logo' },
  help: {
    zh: '显示在首页店名旁边，建议 400×400 以上的正方形图片；留空则用店名的第一个字',
    en: 'Beside the name on the home page, best a square of 400×400 or more; empty shows the first character of the name',
  },
  scopes,
})

export const headStyle = defineSetting({
  name: 'shop.head-style',
  group,
  schema: z.enum(HEAD_STYLES),
  default: 'logo-name',
  title: { zh: '店名样式', en: 'How the name is shown' },
  help: {
    zh: '首页顶部显示 logo 和店名、只显示店名，或只显示 logo（适合带字的横版 logo）',
    en: 'Logo and name, the name alone, or the logo alone (for a wide logo that has the name in it)',
  },
  scopes,
})

export const contactPhone = defineSetting({
  name: 'shop.contact-phone',
  group,
  schema: z
    .string()
    .trim()
    .regex(/^$|^\+?[\d][\d -]{4,18}\d$/, '请填写电话号码，可带区号'),
  default: '',
  title: { zh: '客服电话', en: 'Service phone' },
  help: {
    zh: '买家点“客服”时可以拨打；留空则不显示电话',
    en: 'Offered when a buyer taps the service button; empty hides it',
  },
  scopes,
})

export const contactChatUrl = defineSetting({
  name: 'shop.contact-chat-url',
  group,
  schema: z
    .string()
    .trim()
    .max(300)
    .regex(/^$|^https:\/\/[^\s<>"']+$/, '请填写 https:// 开头的链接'),
  default: '',
  title: { zh: '微信客服链接', en: 'WeChat service link' },
  help: {
    zh: '微信客服或企业微信的接入链接，如 https://work.weixin.qq.com/kfid/…；买家点“在线客服”时打开',
    en: 'Link of WeChat customer service or WeCom; opened by the chat button',
  },
  scopes,
})

export const contactHours = defineSetting({
  name: 'shop.contact-hours',
  group,
  schema: z.string().trim().max(40),
  default: '每天 9:00–21:00',
  title: { zh: '客服时间', en: 'Service hours' },
  help: { zh: '显示在客服按钮旁边', en: 'Shown beside the service buttons' },
  scopes,
})

export const promises = defineSetting({
  name: 'shop.promises',
  group,
  schema: z
    .string()
    .trim()
    .max(60)
    .refine((value) => value.split('·').length <= 4, '最多四条，用 · 隔开'),
  default: '微信支付 · 发货前可随时退款',
  title: { zh: '服务承诺', en: 'Promises' },
  help: {
    zh: '显示在首页和商品页，最多四条，用 · 隔开；请只写做得到的',
    en: 'Shown on the home page and beside every product; up to four, separated by ·',
  },
  scopes,
})

/** A unit that came back is offered to a few of those who wait, in the order in which they asked. */
export const restockTellsPerUnit = defineSetting({
  name: 'shop.restock-tells-per-unit',
  group,
  schema: z.int().min(1).max(100),
  default: 5,
  unit: 'buyers',
  title: { zh: '每件到货通知人数', en: 'Buyers told per unit that is back' },
  help: {
    zh: '到货时按登记先后通知：每到 1 件货最多通知这么多人，避免通知了却抢不到',
    en: 'Those who wait are told in the order in which they asked, this many for each unit',
  },
  scopes,
})

export const restockTellsAgainHours = defineSetting({
  name: 'shop.restock-tells-again-hours',
  group,
  schema: z.int().min(1).max(720),
  default: 24,
  unit: 'hours',
  title: { zh: '到货通知轮换', en: 'Hours until the next are told' },
  help: {
    zh: '通知过的买家在这个时间内优先；过后仍有货，再通知后面登记的人',
    en: 'Those who were told have this long; if something is still left, the next who wait are told',
  },
  scopes,
})
