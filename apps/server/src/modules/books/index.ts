import type { Handlers } from '../../kernel/http/mount.ts'
import type { BooksDeps } from './deps.ts'
import { bookHandlers } from './routes.ts'

export type { BooksDeps } from './deps.ts'
export { taxOf } from './rules-revenue.ts'

/** The books of a shop: purchase, sale and stock; revenue by period, tax rate and channel (PAY-06). */
export function createBooks(deps: BooksDeps): { handlers: Handlers } {
  return { handlers: bookHandlers(deps) }
}
