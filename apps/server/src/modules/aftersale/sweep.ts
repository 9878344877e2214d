import { SYSTEM_ACTOR } from '../../kernel/actor.ts'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { approve, type Locked } from './decide.ts'
import type { AftersaleDeps } from './deps.ts'
import { escalate } from './dispute.ts'
import { releaseReplacement } from './exchange.ts'
import { accept, confirm, toCount } from './goods.ts'
import { lockBoth, note, takeStep, tellBuyer } from './life.ts'
import { isOver } from './rules.ts'
import { onSilence } from './settings.ts'
import { type CaseRow, changeCase, dueCases, takeReminders } from './store.ts'

const BATCH = 50
const RETRY_MS = 10 * MINUTE_MS

/** Does what the clocks of cases say, and reminds. Safe in several processes. Answers how many. */
export async function sweepCases(deps: AftersaleDeps): Promise<number> {
  return (await doDue(deps)) + (await remind(deps))
}

async function doDue(deps: AftersaleDeps): Promise<number> {
  const due = await deps.db.read('system', (tx) => dueCases(tx, deps.clock.instant(), BATCH))
  let done = 0
  for (const { shopId, id } of due) if (await doOne(deps, { shopId, caseId: id })) done++
  return done
}

/** What cannot be done by the rule is decided by people: the platform. */
async function doOne(deps: AftersaleDeps, key: { shopId: string; caseId: string }): Promise<boolean> {
  const run = (work: (tx: Tx, both: Locked) => Promise<unknown>) =>
    deps.db.tx({ shopId: key.shopId }, async (tx) => {
      const both = await lockBoth(tx, deps, key)
      if (both.row.dueAt === null || both.row.dueAt > deps.clock.instant() || isOver(both.row.state)) return false
      await work(tx, both)
      return true
    })
  try {
    return await run((tx, both) => byClock(tx, deps, both))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return run((tx, { row }) => instead(tx, deps, row, error.message))
  }
}

async function byClock(tx: Tx, deps: AftersaleDeps, { order, row }: Locked): Promise<unknown> {
  const actor = SYSTEM_ACTOR
  switch (row.state) {
    case 'requested': {
      const rule = await deps.settings.get(onSilence, { shopId: row.shopId }, tx)
      if (rule === 'platform') return escalate(tx, deps, row, { text: '商家超时未处理，转平台处理', actor })
      return approve(tx, deps, { order, row }, { actor, note: '', isAutomatic: true })
    }
    case 'returning':
      await releaseReplacement(tx, deps, row, actor)
      return takeStep(tx, deps, row, 'not-sent-back', {
        ...{ text: '超时未寄回，售后自动关闭', actor },
        tell: { title: '售后已关闭', text: '没有在期限内寄回商品，售后已自动关闭' },
      })
    case 'inspecting':
      return accept(
        tx,
        deps,
        { order, row },
        {
          ...{ text: '超时未验货，系统视为验货通过', actor },
          set: await toCount(tx, deps, row),
        },
      )
    case 'resent':
      return confirm(tx, deps, row, actor)
    case 'rejected':
      return takeStep(tx, deps, row, 'let-go', { text: '超时未申请平台介入，售后自动关闭', actor })
    case 'refunding':
      return askAgain(tx, deps, { order, row })
  }
}

/** WeChat has closed the refund of a whole order, which is where it was: it is asked for again. */
async function askAgain(tx: Tx, deps: AftersaleDeps, { order, row }: Locked): Promise<void> {
  const key = { shopId: row.shopId, orderId: row.orderId }
  if (order.state !== 'refunding' && order.state !== 'refunded')
    await deps.orders.requestRefund(tx, key, { by: 'merchant', reason: row.reason, actor: SYSTEM_ACTOR })
  await changeCase(tx, row, { dueAt: null })
}

/** The rule could not be followed, e.g. there is no address that goods could come back to. */
async function instead(tx: Tx, deps: AftersaleDeps, row: CaseRow, why: string): Promise<unknown> {
  if (row.state === 'requested')
    return escalate(tx, deps, row, { text: `自动处理没有成功，转平台处理：${why}`, actor: SYSTEM_ACTOR })
  await note(tx, deps, row, { kind: 'internal', text: `自动处理没有成功，稍后再试：${why}`, actor: SYSTEM_ACTOR })
  return changeCase(tx, row, { dueAt: plusMs(deps.clock.instant(), RETRY_MS) })
}

const REMINDERS: Partial<Record<CaseRow['state'], { title: string; text: string }>> = {
  returning: { title: '别忘了寄回商品', text: '寄回期限还剩 1 天，请寄出并填写退货运单号' },
  rejected: { title: '平台介入还剩 1 天', text: '不同意商家的处理，可以在售后单里申请平台介入' },
}

async function remind(deps: AftersaleDeps): Promise<number> {
  return deps.db.tx('system', async (tx) => {
    const due = await takeReminders(tx, deps.clock.instant(), BATCH)
    for (const row of due) {
      const words = REMINDERS[row.state]
      if (words) await tellBuyer(tx, deps, row, words)
      else if (row.state === 'requested')
        await note(tx, deps, row, { kind: 'internal', text: '已超过处理目标时间，请尽快处理', actor: SYSTEM_ACTOR })
    }
    return due.length
  })
}
