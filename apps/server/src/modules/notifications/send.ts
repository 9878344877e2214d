import { isSubscribeRefused, WechatApiError, type WechatMini } from '../../adapters/wechat-mini/index.ts'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { NotificationsDeps } from './deps.ts'
import { messageData, pauseSeconds, readFields } from './rules.ts'
import { mostTries, programState, TEMPLATES } from './settings.ts'
import { addGrant, claimDue, clearGrants, type DueNotice, endAttempt } from './store.ts'

/** Calls to WeChat that a lease easily outlasts. */
export const SEND_BATCH = 20
const LEASE_MS = 10 * MINUTE_MS
const LONGEST_ERROR = 200

type Outcome =
  | { state: 'sent' }
  | { state: 'not-allowed'; error: string }
  | { state: 'failed' | 'retry'; error: string }

/** One round of sending what is due. Answers how much it took; `SEND_BATCH` means that there may be more. */
export async function sendDue(deps: NotificationsDeps): Promise<number> {
  const { wechatMini } = deps
  if (!wechatMini) return 0
  const at = deps.clock.instant()
  const due = await deps.db.tx('system', (tx) => claimDue(tx, at, plusMs(at, LEASE_MS), SEND_BATCH))
  for (const notice of due) await finish(deps, notice, await send(deps, wechatMini, notice))
  return due.length
}

async function send(
  deps: NotificationsDeps,
  wechatMini: Pick<WechatMini, 'sendSubscribeMessage'>,
  notice: DueNotice,
): Promise<Outcome> {
  const { shopId } = notice
  const { mini: openid } = await deps.db.read('system', (tx) => deps.openidsOf(tx, notice.buyerId))
  if (openid === null) return { state: 'not-allowed', error: '买家没有用小程序登录过' }
  const fields = readFields(notice.kind, await deps.settings.get(TEMPLATES[notice.kind].fields, { shopId }))
  if (typeof fields === 'string') return { state: 'failed', error: fields }
  try {
    await wechatMini.sendSubscribeMessage({
      openid,
      templateId: notice.templateId,
      data: messageData(fields, notice.facts),
      page: notice.page,
      state: await deps.settings.get(programState, { shopId }),
    })
    return { state: 'sent' }
  } catch (error) {
    const text = String(error instanceof Error ? error.message : error).slice(0, LONGEST_ERROR)
    if (isSubscribeRefused(error)) return { state: 'not-allowed', error: text }
    deps.log.warn({ err: error, shopId, noticeId: notice.id }, 'WeChat did not take a message to a buyer')
    return { state: error instanceof WechatApiError && !error.retryable ? 'failed' : 'retry', error: text }
  }
}

async function finish(deps: NotificationsDeps, notice: DueNotice, outcome: Outcome): Promise<void> {
  const at = deps.clock.instant()
  const isOver = outcome.state === 'retry' && notice.attempts >= (await deps.settings.get(mostTries, {}))
  const state = outcome.state === 'retry' ? (isOver ? 'failed' : 'waiting') : outcome.state
  await deps.db.tx('system', async (tx) => {
    const isOurs = await endAttempt(tx, notice, {
      state,
      checkAt: state === 'waiting' ? plusMs(at, pauseSeconds(notice.attempts) * 1000) : null,
      sentAt: state === 'sent' ? at : null,
      error: 'error' in outcome ? outcome.error : null,
    })
    if (!isOurs) return
    // WeChat takes an acceptance only for a message that it delivers
    if (state === 'failed') await addGrant(tx, notice, at)
    if (state === 'not-allowed') await clearGrants(tx, notice, at)
  })
}
