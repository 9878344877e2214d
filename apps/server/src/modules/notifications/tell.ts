import type { Tx } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import type { OutboxEvent } from '../../kernel/outbox.ts'
import type { NotificationsDeps } from './deps.ts'
import { sayingOf } from './saying.ts'
import { TEMPLATES } from './settings.ts'
import { insertNotice, makeDue, useGrant } from './store.ts'

/**
 * Writes the message about an event and, if the buyer allows one, has it sent. In the relay's transaction: an event
 * that is handed over again changes nothing. Answers whether there is something to send.
 */
export async function tell(deps: NotificationsDeps, tx: Tx, event: OutboxEvent): Promise<boolean> {
  const { shopId } = event
  const saying = await sayingOf(deps, tx, event)
  if (saying === undefined) return false
  const templateId = await deps.settings.get(TEMPLATES[saying.kind].templateId, { shopId }, tx)
  if (templateId === '') return false
  const [id, at] = [newId(), deps.clock.instant()]
  if (!(await insertNotice(tx, { shopId, id, at, templateId, ...saying }))) return false
  if (!(await useGrant(tx, { shopId, buyerId: saying.buyerId, templateId }, at))) return false
  await makeDue(tx, shopId, id, at)
  return true
}
