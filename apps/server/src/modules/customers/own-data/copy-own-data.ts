import type { OwnDataCopy } from '@zhanggui/contract'
import { z } from 'zod'
import { HOUR_MS, plusMs } from '../../../kernel/clock.ts'
import { localDay } from '../../../kernel/days.ts'
import { AppError } from '../../../kernel/errors.ts'
import { newId } from '../../../kernel/ids.ts'
import { defineJob } from '../../../kernel/jobs.ts'
import { lockInOrder } from '../../../kernel/locks.ts'
import type { CustomersDeps } from '../deps.ts'
import { copyEveryHours, copyLinkHours } from '../settings.ts'
import { copyArchive } from './document.ts'
import { type CopyRow, copiesOf, expireCopies, finishCopy, insertCopy, openCopy } from './store-copies.ts'

const MOST_SHOWN = 5
const FORGET_MS = 30 * 24 * HOUR_MS

export const copyJob = defineJob({
  name: 'customers.copy-own-data',
  schema: z.object({ buyerId: z.uuid(), copyId: z.uuid() }),
  retryLimit: 5,
})

/** Copies that were asked for, newest first. */
export async function ownDataCopies(deps: CustomersDeps, buyerId: string): Promise<{ items: OwnDataCopy[] }> {
  const rows = await deps.db.read({ buyerId }, (tx) => copiesOf(tx, buyerId, MOST_SHOWN))
  return { items: rows.map((row) => toCopy(deps, row)) }
}

/**
 * Asks for a copy; while one is being made, that is the answer. @throws AppError TOO_MANY_REQUESTS when the last one is
 * too recent
 */
export async function copyOwnData(deps: CustomersDeps, buyerId: string): Promise<OwnDataCopy> {
  const hours = await deps.settings.get(copyEveryHours)
  return deps.db.tx({ buyerId }, async (tx) => {
    await lockInOrder(tx, [`own-data:${buyerId}`])
    const at = deps.clock.instant()
    const [last] = await copiesOf(tx, buyerId, 1)
    if (last?.state === 'waiting') return toCopy(deps, last)
    const next = last && plusMs(last.requestedAt, hours * HOUR_MS)
    if (next !== undefined && next > at && last?.state !== 'failed') {
      const seconds = Math.ceil((Date.parse(next) - Date.parse(at)) / 1000)
      throw new AppError('TOO_MANY_REQUESTS', { values: { seconds }, retryAfterSeconds: seconds })
    }
    const row = { buyerId, id: newId(), at }
    await insertCopy(tx, row)
    await deps.jobs.enqueue(tx, copyJob, { buyerId, copyId: row.id })
    return toCopy(deps, { ...row, state: 'waiting', sizeBytes: null, requestedAt: at, expiresAt: null })
  })
}

/** Gathers everything, and seals it until it is fetched. Run again, it makes the same copy anew. */
export async function makeCopy(
  deps: CustomersDeps,
  { buyerId, copyId }: { buyerId: string; copyId: string },
): Promise<void> {
  const hours = await deps.settings.get(copyLinkHours)
  const at = deps.clock.instant()
  const sections = await deps.db.read('system', async (tx) => {
    const found = []
    for (const { copy } of deps.parts()) found.push(...((await copy?.(tx, buyerId)) ?? []))
    return found
  })
  const archive = copyArchive(sections, at)
  const contentSealed = deps.vault.encrypt(archive.toString('base64'), context(buyerId, copyId))
  const end = { state: 'ready' as const, contentSealed, sizeBytes: archive.length }
  await deps.db.tx({ buyerId }, (tx) =>
    finishCopy(tx, { buyerId, id: copyId }, { ...end, expiresAt: plusMs(at, hours * HOUR_MS) }),
  )
}

/** The archive behind a link. @throws AppError NOT_FOUND for a wrong key, and when the link has ended */
export async function fetchCopy(
  deps: CustomersDeps,
  copyId: string,
  key: string,
): Promise<{ name: string; content: Buffer }> {
  const gone = () => new AppError('NOT_FOUND', { values: { what: '这份数据，链接可能已过期，请重新导出' } })
  if (!deps.vault.verifyHmac(LINK, copyId, key)) throw gone()
  const row = await deps.db.read('system', (tx) => openCopy(tx, copyId, deps.clock.instant()))
  if (!row) throw gone()
  const content = Buffer.from(deps.vault.decrypt(row.contentSealed, context(row.buyerId, copyId)), 'base64')
  return { name: `我的数据-${localDay(row.requestedAt)}.zip`, content }
}

/** Empties what can no longer be fetched. Answers how much. */
export const sweepCopies = (deps: CustomersDeps): Promise<number> =>
  deps.db.tx('system', (tx) => {
    const at = deps.clock.instant()
    return expireCopies(tx, at, plusMs(at, -FORGET_MS))
  })

const LINK = 'customers.own-data-link'
const context = (buyerId: string, copyId: string): string => `own-data:${buyerId}:${copyId}`

function toCopy({ vault, clock }: CustomersDeps, row: CopyRow): OwnDataCopy {
  const { id, state, requestedAt, expiresAt, sizeBytes } = row
  const isOver = state === 'ready' && expiresAt !== null && expiresAt <= clock.instant()
  const url = state === 'ready' && !isOver ? `/api/store/own-data/${id}?key=${vault.hmac(LINK, id)}` : null
  return { id, state: isOver ? 'expired' : state, requestedAt, expiresAt, sizeBytes, url }
}
