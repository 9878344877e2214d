import { z } from 'zod'
import { ShopParams } from './common.ts'
import { NoticeAnswer, NoticeKind, NoticeKindList, NoticePage, NoticeQuery, NoticeTemplate } from './notifications.ts'
import { routes } from './route.ts'

export const notificationRoutes = routes({
  'store.noticeTemplates': {
    method: 'GET',
    path: '/api/store/shops/:shopId/notice-templates',
    summary: 'Templates that the mini program may ask the buyer to allow; none when the shop has not set them',
    access: { audience: 'public' },
    params: ShopParams,
    response: z.object({ items: z.array(NoticeTemplate).max(10) }),
  },
  'buyer.answerNotices': {
    method: 'POST',
    path: '/api/buyer/shops/:shopId/notice-answers',
    summary: 'Record what the buyer answered to wx.requestSubscribeMessage; each acceptance allows one message',
    access: { audience: 'buyer' },
    params: ShopParams,
    idempotent: true,
    body: z.object({ answers: z.array(NoticeAnswer).min(1).max(5) }),
    response: z.object({ allowed: z.array(NoticeKind).max(5) }),
    errors: ['IDEMPOTENCY_KEY_REUSED'],
  },
  'console.notices': {
    method: 'GET',
    path: '/api/console/shops/:shopId/notices',
    summary: 'Subscribe messages to buyers, newest first, with what became of each',
    access: { audience: 'staff', permission: 'orders.read' },
    params: ShopParams,
    query: NoticeQuery,
    response: NoticePage,
  },
  'console.noticeKinds': {
    method: 'GET',
    path: '/api/console/shops/:shopId/notice-kinds',
    summary: 'What buyers can be told by subscribe message, with the template of each and what became of the last ones',
    access: { audience: 'staff', permission: 'orders.read' },
    params: ShopParams,
    response: NoticeKindList,
  },
})
