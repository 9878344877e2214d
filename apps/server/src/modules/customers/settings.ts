import { LegalKind } from '@zhanggui/contract'
import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

export const historyDays = defineSetting({
  name: 'customers.history-days',
  group: 'customers',
  schema: z.int().min(1).max(365),
  default: 90,
  unit: 'days',
  title: { zh: '浏览足迹保留', en: 'What was looked at is kept for' },
  help: { zh: '超过这个天数的浏览足迹自动删除', en: 'What buyers looked at is deleted after so many days' },
  scopes: ['platform'],
})

export const mostFavourites = defineSetting({
  name: 'customers.most-favourites',
  group: 'customers',
  schema: z.int().min(10).max(5000),
  default: 500,
  unit: 'products',
  title: { zh: '收藏上限', en: 'Favourites of a buyer' },
  help: { zh: '一位买家在一家店最多收藏多少个商品', en: 'How many products a buyer can like in one shop' },
  scopes: ['platform', 'shop'],
})

export const coolingDays = defineSetting({
  name: 'customers.cooling-days',
  group: 'customers',
  schema: z.int().min(1).max(30),
  default: 7,
  unit: 'days',
  title: { zh: '注销冷静期', en: 'Days before an account is deleted' },
  help: {
    zh: '买家申请注销后，在这么多天内重新登录即取消；到期后清除个人信息，不能恢复',
    en: 'Signing in again within so many days takes a deletion back; afterwards personal data is erased for good',
  },
  scopes: ['platform'],
})

export const copyEveryHours = defineSetting({
  name: 'customers.copy-every-hours',
  group: 'customers',
  schema: z.int().min(1).max(720),
  default: 24,
  unit: 'hours',
  title: { zh: '导出个人数据的间隔', en: 'Hours between two copies of own data' },
  help: {
    zh: '买家每隔多少小时可以再导出一次自己的数据',
    en: 'How often a buyer can ask for a copy of everything that is kept',
  },
  scopes: ['platform'],
})

export const copyLinkHours = defineSetting({
  name: 'customers.copy-link-hours',
  group: 'customers',
  schema: z.int().min(1).max(168),
  default: 24,
  unit: 'hours',
  title: { zh: '个人数据下载链接有效期', en: 'How long a copy of own data can be fetched' },
  help: { zh: '超过后文件删除，需要重新导出', en: 'Afterwards the file is deleted and has to be asked for anew' },
  scopes: ['platform'],
})

export const consentKinds = defineSetting({
  name: 'customers.consent-kinds',
  group: 'customers',
  schema: z.array(LegalKind).max(5),
  default: ['agreement', 'privacy'],
  title: { zh: '登录时需要同意的协议', en: 'Texts that signing in agrees to' },
  help: {
    zh: '买家首次登录、以及这些协议更新后，须同意才能继续',
    en: 'Buyers agree to these when they first sign in, and again when one of them has changed',
  },
  scopes: ['platform', 'shop'],
})

export const revealStepUpCount = defineSetting({
  name: 'customers.reveal-step-up-count',
  group: 'customers',
  schema: z.int().min(0).max(1000),
  default: 20,
  unit: 'times',
  guarded: true,
  title: { zh: '频繁查看个人信息需验证', en: 'Looks at personal data that ask for verification' },
  help: {
    zh: '同一员工一小时内查看完整手机号与地址超过这个次数后，再看要先验证身份',
    en: 'Who has looked at more buyers in full than this within an hour proves who they are before the next',
  },
  scopes: ['platform', 'shop'],
})
