import type { Todo } from './kernel/todo.ts'
import type { Invoices } from './modules/invoices/index.ts'

/** What the overview's list of things to do says of invoices. */
export const invoiceTodos = ({
  countAsked,
  countToReverse,
}: Pick<Invoices, 'countAsked' | 'countToReverse'>): Todo[] => [
  {
    key: 'invoices.asked',
    title: { zh: '待开发票', en: 'Invoices to issue' },
    permission: 'money.read',
    urgent: false,
    to: 'invoices?state=asked',
    count: countAsked,
  },
  {
    key: 'invoices.reverse',
    title: { zh: '待红冲发票', en: 'Invoices to reverse' },
    permission: 'money.read',
    urgent: true,
    to: 'invoices?mustReverse=true',
    count: countToReverse,
  },
]
