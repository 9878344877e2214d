import { NoticeKind, type NoticeState, type NoticeTemplate } from '@zhanggui/contract'
import { z } from 'zod'
import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import { buyerOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { once } from '../../kernel/idempotency.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import type { NotificationsDeps } from './deps.ts'
import { TEMPLATES } from './settings.ts'
import { addGrant, clearGrants, countNotices, listNotices } from './store.ts'

/** How far back the figures of a kind go. */
const COUNTED_DAYS = 30

const Cursor = z.object({ at: z.iso.datetime(), id: z.uuid() })

export function notificationHandlers(deps: NotificationsDeps): Handlers {
  const { db, clock, settings } = deps
  const templatesOf = async (shopId: string): Promise<NoticeTemplate[]> => {
    if (!deps.wechatMini) return []
    const templates: NoticeTemplate[] = []
    for (const kind of NoticeKind.options) {
      const templateId = await settings.get(TEMPLATES[kind].templateId, { shopId })
      if (templateId !== '') templates.push({ kind, templateId })
    }
    return templates
  }

  return {
    'store.noticeTemplates': async ({ params: { shopId } }) => ({ items: await templatesOf(shopId) }),

    'buyer.answerNotices': async ({ params: { shopId }, caller, body, idempotencyKey: key }) => {
      const buyerId = buyerOf(caller)
      const known = new Map((await templatesOf(shopId)).map(({ kind, templateId }) => [templateId, kind]))
      const at = clock.instant()
      const request = { shopId, callerId: buyerId, route: 'buyer.answerNotices', key, request: body, at }
      return db.tx({ shopId, buyerId }, (tx) =>
        once(tx, request, async () => {
          const allowed: NoticeKind[] = []
          for (const { templateId, answer } of body.answers) {
            const kind = known.get(templateId)
            if (kind === undefined) continue
            const grant = { shopId, buyerId, templateId }
            if (answer === 'accept') {
              await addGrant(tx, grant, at)
              allowed.push(kind)
            } else if (answer === 'ban') await clearGrants(tx, grant, at)
          }
          return { allowed }
        }),
      )
    },

    'console.notices': async ({ params: { shopId }, query: { cursor, limit, ...filter } }) => {
      const before = decodeCursor(cursor, Cursor)
      const rows = await db.read({ shopId }, (tx) => listNotices(tx, { shopId, ...filter, before, limit: limit + 1 }))
      const { items, nextCursor } = keysetPage(rows, limit, (row) => ({ at: row.createdAt, id: row.id }))
      const names = await db.read('system', (tx) => deps.nicknames(tx, [...new Set(items.map((row) => row.buyerId))]))
      return {
        items: items.map(({ buyerId, lastError, ...row }) => ({
          ...row,
          error: lastError,
          buyerNickname: names.get(buyerId) ?? '',
        })),
        nextCursor,
      }
    },

    'console.noticeKinds': async ({ params: { shopId } }) => {
      const since = plusMs(clock.instant(), -COUNTED_DAYS * DAY_MS)
      const counts = await db.read({ shopId }, (tx) => countNotices(tx, shopId, since))
      const countOf = (kind: NoticeKind, state: NoticeState): number =>
        counts.find((each) => each.kind === kind && each.state === state)?.count ?? 0
      const items = await Promise.all(
        NoticeKind.options.map(async (kind) => ({
          kind,
          templateId: await settings.get(TEMPLATES[kind].templateId, { shopId }),
          fields: await settings.get(TEMPLATES[kind].fields, { shopId }),
          counts: {
            waiting: countOf(kind, 'waiting'),
            sent: countOf(kind, 'sent'),
            notAllowed: countOf(kind, 'not-allowed'),
            failed: countOf(kind, 'failed'),
          },
        })),
      )
      return { connected: deps.wechatMini !== undefined, items }
    },
  }
}
