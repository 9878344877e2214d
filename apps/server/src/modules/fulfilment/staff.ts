import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Caller, StaffCaller } from '../../kernel/http/caller.ts'

/** A call by a member of staff, as far as use cases and the audit trail need it. */
export interface StaffCall {
  params: { shopId: string }
  caller: Caller
  ip: string
  requestId: string
}

export function staffOf({ caller }: Pick<StaffCall, 'caller'>): StaffCaller {
  if (caller.kind !== 'staff') throw new AppError('SIGN_IN_REQUIRED')
  return caller
}

export function actorOf(call: Pick<StaffCall, 'caller'>): Actor {
  const { staffId: id, name } = staffOf(call)
  return { kind: 'staff', id, name }
}

/** Writes what somebody did into the audit trail, in the transaction that does it. */
export async function record(
  tx: Tx,
  clock: Clock,
  call: StaffCall,
  entry: { action: string; entity: string; entityId: string; summary: string; before?: unknown; after?: unknown },
): Promise<void> {
  const { ip, requestId, params } = call
  await audit(tx, clock, { shopId: params.shopId, actor: actorOf(call), ...entry, ip, requestId })
}
