import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'pages'
const scopes = ['platform', 'shop'] as const

export const previewMinutes = defineSetting({
  name: 'pages.preview-minutes',
  group,
  schema: z.int().min(5).max(10_080),
  default: 120,
  unit: 'minutes',
  title: { zh: '页面预览链接有效期', en: 'How long a preview address works' },
  help: {
    zh: '未发布页面的预览链接在这么久之后失效；链接可以发给同事看',
    en: 'The address that shows an unpublished page stops working after this long',
  },
  scopes,
})

export const mostPages = defineSetting({
  name: 'pages.most-pages',
  group,
  schema: z.int().min(1).max(1_000),
  default: 200,
  unit: 'pages',
  title: { zh: '页面数量上限', en: 'Most designed pages' },
  help: { zh: '首页与活动页合计，每家店铺最多这么多', en: 'Home and campaign pages of one shop together' },
  scopes,
})
