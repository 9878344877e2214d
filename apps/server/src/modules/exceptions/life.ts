import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { emit } from '../../kernel/outbox.ts'
import type { ExceptionDeps } from './deps.ts'
import { exceptionOpened, exceptionResolved } from './events.ts'
import {
  addHistory,
  type Change,
  changeException,
  type ExceptionRow,
  findException,
  insertException,
  lockException,
  type NewException,
} from './store.ts'

const SYSTEM = '系统'
export const nameOf = (actor: Actor): string =>
  actor.kind === 'buyer' ? '买家' : actor.kind === 'staff' ? (actor.name ?? '店员') : SYSTEM

/** Opens an exception; undefined when this happening is known, or one like it is open. */
export async function open(
  tx: Tx,
  deps: Pick<ExceptionDeps, 'clock'>,
  input: Omit<NewException, 'id'> & { id?: string },
  text: string,
  actor: Actor,
): Promise<ExceptionRow | undefined> {
  const at = deps.clock.instant()
  const row = { id: newId(), ...input }
  if (!(await insertException(tx, row, at))) return undefined
  const opened = (await findException(tx, row.shopId, row.id))!
  await addHistory(tx, opened, at, text, nameOf(actor))
  const { id: exceptionId, orderId, orderNo, buyerId, kind, title, dueAt } = opened
  await emit(tx, exceptionOpened, {
    ...{ shopId: row.shopId, aggregate: 'order', aggregateId: orderId, occurredAt: at, actor },
    payload: { exceptionId, orderId, orderNo, buyerId, kind, title, dueAt },
  })
  return opened
}

/** An open exception, locked. @throws AppError NOT_FOUND, CONFLICT when it is resolved */
export async function requireOpen(tx: Tx, shopId: string, id: string): Promise<ExceptionRow> {
  const row = await lockException(tx, shopId, id)
  if (row === undefined) throw new AppError('NOT_FOUND', { values: { what: '异常' } })
  if (row.state === 'resolved') throw conflict(row)
  return row
}

export const conflict = (row: ExceptionRow): AppError =>
  new AppError('CONFLICT', { values: { what: `「${row.title}」` } })

/** Changes what the caller has locked. */
export async function change(
  tx: Tx,
  deps: Pick<ExceptionDeps, 'clock'>,
  row: ExceptionRow,
  to: Change & { text: string; actor: Actor },
): Promise<void> {
  const { text, actor, ...columns } = to
  if (!(await changeException(tx, row, columns))) throw conflict(row)
  await addHistory(tx, row, deps.clock.instant(), text, nameOf(actor))
}

/** Closes what the caller has locked. */
export async function resolve(
  tx: Tx,
  deps: Pick<ExceptionDeps, 'clock'>,
  row: ExceptionRow,
  resolution: string,
  actor: Actor,
  more: Change = {},
): Promise<void> {
  const at = deps.clock.instant()
  await change(tx, deps, row, { ...more, state: 'resolved', resolvedAt: at, resolution, text: resolution, actor })
  const { id: exceptionId, orderId, orderNo, buyerId, kind } = row
  await emit(tx, exceptionResolved, {
    ...{ shopId: row.shopId, aggregate: 'order', aggregateId: orderId, occurredAt: at, actor },
    payload: { exceptionId, orderId, orderNo, buyerId, kind, resolution },
  })
}
