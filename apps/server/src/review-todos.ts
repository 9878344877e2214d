import type { Todo } from './kernel/todo.ts'
import type { Reviews } from './modules/reviews/index.ts'

/** What of the reviews waits for the staff. */
export const reviewTodos = (reviews: Reviews): Todo[] => [
  {
    key: 'reviews.waiting',
    title: { zh: '评价待审核', en: 'Reviews to moderate' },
    permission: 'reviews.read',
    urgent: false,
    to: 'reviews?waiting=true',
    count: reviews.countWaiting,
  },
  {
    key: 'reviews.low-late',
    title: { zh: '差评超时未回复', en: 'Low stars unanswered' },
    permission: 'reviews.read',
    urgent: true,
    to: 'reviews?level=bad&unanswered=true',
    count: reviews.countLowLate,
  },
]
