import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'
import { once } from '../../kernel/idempotency.ts'
import { requireFiles } from './apply.ts'
import type { AftersaleDeps } from './deps.ts'
import { type CaseKey, lockBoth, note, tellBuyer } from './life.ts'
import { isOver } from './rules.ts'
import { countEntries } from './store.ts'

/** As many as a page of the timeline shows. */
const MOST_ENTRIES = 150

/** Something written about a case, to the other side or among staff. @throws AppError NOT_FOUND, CONFLICT, LIMIT_REACHED */
export async function writeMessage(
  deps: AftersaleDeps,
  key: CaseKey,
  message: { kind: 'message' | 'internal'; text: string; fileIds: readonly string[]; actor: Actor },
  by: { callerId: string; route: string; key: string },
): Promise<void> {
  const { shopId, caseId } = key
  const { kind, text, fileIds, actor } = message
  const about = { shopId, ...by, request: { caseId, kind, text, fileIds }, at: deps.clock.instant() }
  await deps.db.tx({ shopId }, (tx) =>
    once(tx, about, async () => {
      const { row } = await lockBoth(tx, deps, key)
      if (isOver(row.state) && kind === 'message')
        throw new AppError('CONFLICT', { values: { what: '售后单（已结束）' } })
      if ((await countEntries(tx, row)) >= MOST_ENTRIES)
        throw new AppError('LIMIT_REACHED', { values: { what: '留言', limit: MOST_ENTRIES } })
      await requireFiles(tx, deps, shopId, fileIds)
      await note(tx, deps, row, { kind, text, actor, files: fileIds })
      if (actor.kind === 'staff' && kind === 'message')
        await tellBuyer(tx, deps, row, { title: '商家给你留言了', text: text.slice(0, 60) })
      return { caseId }
    }),
  )
}
