import { isUuid } from '../kernel/ids.ts'
import type { CommandGroup } from './rules.ts'
import type { AccountSpec, Reference } from './types.ts'

/** More transfers than this do not belong into one group. */
export const MAX_GROUP_TRANSFERS = 1000
/** More groups than this do not belong into one transaction. */
export const MAX_GROUPS = 10_000

const CODE = /^[a-z][a-z0-9._-]{0,63}$/
const UNIT = /^[A-Za-z][\w.:-]{0,95}$/

/**
 * Refuses commands that no state of the book could make right: a slip of the programmer, never of a buyer.
 * Throws a TypeError or RangeError that names the value, before anything is read or queued.
 */
export function checkGroup(group: CommandGroup & { accounts?: readonly AccountSpec[] }): void {
  checkId('shopId', group.shopId)
  if (group.transfers.length > MAX_GROUP_TRANSFERS)
    throw new RangeError(`A group holds at most ${MAX_GROUP_TRANSFERS} transfers, not ${group.transfers.length}`)
  for (const command of group.transfers) {
    checkId('transfer id', command.id)
    checkCode(command.code)
    if (command.reference !== undefined) checkReference(command.reference)
    if (command.kind === 'posted' || command.kind === 'pending') {
      checkId('debit account', command.debit)
      checkId('credit account', command.credit)
      if (command.debit === command.credit)
        throw new TypeError(`A transfer needs two accounts, not ${command.debit} twice`)
      checkAmount(command.amount)
      checkUnit(command.unit)
      if (command.kind === 'pending' && command.expiresAt !== undefined) checkInstant(command.expiresAt)
    } else {
      checkId('pending id', command.pendingId)
      if (command.kind === 'post' && command.amount !== undefined) checkAmount(command.amount)
    }
  }
  for (const spec of group.accounts ?? []) {
    if (spec.shopId !== group.shopId)
      throw new TypeError(`Account of shop ${spec.shopId} in a group of ${group.shopId}`)
    checkSpec(spec)
  }
}

export function checkSpec(spec: AccountSpec): void {
  checkId('shopId', spec.shopId)
  checkCode(spec.code)
  checkUnit(spec.unit)
  for (const owner of spec.owners)
    if (owner === '' || /\p{Cc}/u.test(owner)) throw new TypeError(`Not an owner: ${JSON.stringify(owner)}`)
  if (ownerText(spec.owners).length > 300) throw new RangeError(`Owners of ${spec.code} are longer than 300 characters`)
  for (const limit of [spec.minBalance, spec.maxBalance])
    if (limit !== undefined && limit !== null && !Number.isSafeInteger(limit))
      throw new RangeError(`Limit of ${spec.code} is not a whole number: ${limit}`)
  if ((spec.minBalance ?? 0) > 0 || (spec.maxBalance ?? 0) < 0)
    throw new RangeError(`A new ${spec.code} has balance 0, which its limits do not allow`)
}

/** How the owners of an account are shown and stored. */
export const ownerText = (owners: readonly string[]): string => owners.join(' / ')

export function checkReference(reference: Reference): void {
  const { type, id } = reference
  if (type.length < 1 || type.length > 40 || id.length < 1 || id.length > 128)
    throw new RangeError(`Not a reference: ${type}:${id}`)
}

export function checkId(what: string, id: string): void {
  if (!isUuid(id)) throw new TypeError(`Not a ${what}: ${id}`)
}

function checkCode(code: string): void {
  if (!CODE.test(code)) throw new TypeError(`Not a code: ${code}`)
}

function checkUnit(unit: string): void {
  if (!UNIT.test(unit)) throw new TypeError(`Not a unit: ${unit}`)
}

function checkAmount(amount: number): void {
  if (!Number.isSafeInteger(amount) || amount < 1) throw new RangeError(`Not an amount: ${amount}`)
}

/** The instant that was found right last: transfers that come together often end together. */
let rightInstant = ''

function checkInstant(instant: string): void {
  if (instant === rightInstant) return
  const date = new Date(instant)
  if (Number.isNaN(date.getTime()) || date.toISOString() !== instant) throw new TypeError(`Not an instant: ${instant}`)
  rightInstant = instant
}
