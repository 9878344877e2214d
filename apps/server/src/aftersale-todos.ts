import type { Todo } from './kernel/todo.ts'
import type { Aftersale } from './modules/aftersale/index.ts'

/** What the overview's list of things to do says of refunds, returns and exchanges. */
export function aftersaleTodos({ counts }: Pick<Aftersale, 'counts'>): Todo[] {
  return [
    {
      key: 'aftersale.overdue',
      title: { zh: '售后已超时', en: 'After-sale overdue' },
      permission: 'orders.read',
      urgent: true,
      to: 'aftersale?overdue=true',
      count: async (tx, shopId) => (await counts(tx, shopId)).overdue,
    },
    {
      key: 'aftersale.open',
      title: { zh: '售后待处理', en: 'After-sale to decide' },
      permission: 'orders.read',
      urgent: true,
      to: 'aftersale?turn=merchant',
      count: async (tx, shopId) => (await counts(tx, shopId)).merchant,
    },
    {
      key: 'aftersale.count',
      title: { zh: '退货待清点入库', en: 'Returned goods to count' },
      permission: 'orders.read',
      urgent: false,
      to: 'aftersale?toCount=true',
      count: async (tx, shopId) => (await counts(tx, shopId)).toCount,
    },
  ]
}
