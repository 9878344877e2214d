import type { DraftBlock } from '@zhanggui/contract'
import { t } from '../../i18n/index.ts'
import { newBlock } from './layout-edit.ts'

export const TEMPLATES = ['daily', 'arrivals', 'promotion', 'story', 'blank'] as const
export type Template = (typeof TEMPLATES)[number]

const heading = (text: string) => ({
  kind: 'heading',
  align: 'center',
  spans: [{ text, bold: false, link: null }],
})
const paragraph = (text: string) => ({
  kind: 'paragraph',
  align: 'center',
  spans: [{ text, bold: false, link: null }],
})
const entry = (title: string, link: object) => ({ title, fileId: null, link })

const BUILT: Record<Template, () => DraftBlock[]> = {
  daily: () => [
    newBlock('banner'),
    newBlock('nav', {
      items: [
        entry(t('design.tpl.all'), { kind: 'place', place: 'category' }),
        entry(t('design.tpl.cart'), { kind: 'place', place: 'cart' }),
        entry(t('design.tpl.orders'), { kind: 'place', place: 'orders' }),
        entry(t('design.tpl.me'), { kind: 'place', place: 'me' }),
      ],
      columns: 4,
    }),
    newBlock('coupons', { title: t('design.tpl.coupons') }),
    newBlock('hot', { title: t('design.tpl.hot') }),
    newBlock('new', { title: t('design.tpl.new') }),
    newBlock('feed', { title: t('design.tpl.everything') }),
  ],
  arrivals: () => [
    newBlock('picture', { ratioPercent: 56 }),
    newBlock('rich-text', { nodes: [heading(t('design.tpl.arrivalsTitle')), paragraph(t('design.tpl.arrivalsText'))] }),
    newBlock('new', { title: t('design.tpl.new'), layout: 'grid', limit: 8 }),
    newBlock('hot', { title: t('design.tpl.together'), layout: 'rail', limit: 8 }),
  ],
  promotion: () => [
    newBlock('picture', { ratioPercent: 56 }),
    newBlock('notice', { text: t('design.tpl.promotionNotice') }),
    newBlock('coupons', { title: t('design.tpl.couponsFirst') }),
    newBlock('products', {
      title: t('design.tpl.picks'),
      source: { kind: 'rule', sort: 'sold', categoryId: null },
      layout: 'grid',
      limit: 8,
    }),
    newBlock('hot', { title: t('design.tpl.hot') }),
    newBlock('feed', { title: t('design.tpl.everything') }),
  ],
  story: () => [
    newBlock('picture'),
    newBlock('rich-text', { nodes: [heading(t('design.tpl.storyTitle')), paragraph(t('design.tpl.storyText'))] }),
    newBlock('gap', { heightPx: 24, hasLine: true }),
    newBlock('products', { title: t('design.tpl.storyGoods'), layout: 'list', limit: 4 }),
  ],
  blank: () => [],
}

/** The blocks that a page begins with. */
export const templateBlocks = (template: Template): DraftBlock[] => BUILT[template]()
