import type { Todo } from './kernel/todo.ts'
import type { PersonalCode } from './modules/personal-code/index.ts'

/** What the overview's list of things to do says of money by codes. */
export function personalCodeTodos({
  countWaiting,
  countOwed,
}: Pick<PersonalCode, 'countWaiting' | 'countOwed'>): Todo[] {
  return [
    {
      key: 'personal-code.waiting',
      title: { zh: '收款码付款待核对', en: 'Payments by code to check' },
      permission: 'money.read',
      urgent: true,
      to: 'personal-payments?state=waiting',
      count: countWaiting,
    },
    {
      key: 'personal-code.owed',
      title: { zh: '收款码退款待处理', en: 'Refunds by hand to make' },
      permission: 'money.read',
      urgent: true,
      to: 'personal-payments?tab=refunds',
      count: countOwed,
    },
  ]
}
