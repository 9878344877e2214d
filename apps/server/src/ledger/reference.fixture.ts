import type { AccountSpec, GroupResult, Refusal, TransferCommand } from './types.ts'

type Command = TransferCommand | { kind: 'expire'; id: string; pendingId: string; code: string }

interface Entry {
  command: Command
  amount: number
  debit: string
  credit: string
  link: string
  at: number
}

/**
 * The ledger once more, for tests: nothing but a log. Balances are added up from it every time, a group is tried on a
 * copy, and no code is shared with rules.ts.
 */
export class ReferenceLedger {
  readonly accounts = new Map<string, AccountSpec>()
  log: Entry[] = []

  sums(log: Entry[], account: string) {
    let [dp, d, cp, c] = [0, 0, 0, 0]
    for (const entry of log) {
      const { kind } = entry.command
      const open = kind === 'pending' && !log.some((other) => pendingOf(other.command) === entry.command.id)
      const [pending, posted] = [open ? entry.amount : 0, kind === 'posted' || kind === 'post' ? entry.amount : 0]
      if (entry.debit === account) [dp, d] = [dp + pending, d + posted]
      if (entry.credit === account) [cp, c] = [cp + pending, c + posted]
    }
    return { dp, d, cp, c }
  }

  apply(commands: readonly Command[], now: number): GroupResult {
    const link = commands.length > 1 ? `${commands[0]!.id}+${commands.length}` : ''
    const existing = commands.map((command) => this.log.find((entry) => entry.command.id === command.id))
    if (commands.length > 0 && existing.every((entry) => entry !== undefined)) {
      const index = commands.findIndex((command, at) => !this.#same(existing[at]!, command, link))
      if (index < 0) return { ok: true, replayed: true }
      return { ok: false, refusal: { reason: 'conflict', transferId: commands[index]!.id, index } }
    }
    const trial = [...this.log]
    for (const [index, command] of commands.entries()) {
      const refusal = this.#add(trial, command, link, now)
      if (refusal !== undefined) return { ok: false, refusal: { transferId: command.id, index, ...refusal } }
    }
    this.log = trial
    return { ok: true, replayed: false }
  }

  /** Everything due, at most `limit` (and what is linked to it), oldest first. */
  due(now: number, limit: number): Set<string> {
    const due = this.log
      .filter(
        (entry) => expiryOf(entry) <= now && !this.log.some((other) => pendingOf(other.command) === entry.command.id),
      )
      .sort((a, b) => expiryOf(a) - expiryOf(b))
    // Which of those with equal time-outs come first is not promised.
    const ids = new Set<string>()
    if (limit < due.length) return ids
    for (const entry of due) ids.add(entry.command.id)
    return ids
  }

  #same(entry: Entry, command: Command, link: string): boolean {
    const a = entry.command
    if (a.kind !== command.kind || a.code !== command.code || entry.link !== link) return false
    if ('pendingId' in a && 'pendingId' in command) {
      if (a.pendingId !== command.pendingId) return false
      if (command.kind !== 'post') return true
      const pending = this.log.find((other) => other.command.id === command.pendingId)
      return entry.amount === (command.amount ?? pending?.amount)
    }
    const [x, y] = [a, command] as { debit: string; credit: string; amount: number; unit: string; expiresAt?: string }[]
    return (
      JSON.stringify([x!.debit, x!.credit, x!.amount, x!.unit, x!.expiresAt ?? '']) ===
      JSON.stringify([y!.debit, y!.credit, y!.amount, y!.unit, y!.expiresAt ?? ''])
    )
  }

  #add(log: Entry[], command: Command, link: string, now: number): Omit<Refusal, 'transferId' | 'index'> | undefined {
    if (log.some((entry) => entry.command.id === command.id)) return { reason: 'conflict' }
    if ('pendingId' in command) {
      const { pendingId } = command
      const pending = log.find((entry) => entry.command.id === pendingId && entry.command.kind === 'pending')
      if (pending === undefined) return { reason: 'not-found', pendingId }
      const resolution = log.find((entry) => pendingOf(entry.command) === pendingId)
      const outcomes = { post: 'already-posted', void: 'already-voided', expire: 'expired' } as const
      if (resolution !== undefined)
        return { reason: outcomes[resolution.command.kind as keyof typeof outcomes], pendingId }
      if (command.kind === 'post' && expiryOf(pending) <= now) return { reason: 'expired', pendingId }
      const amount = (command.kind === 'post' ? command.amount : undefined) ?? pending.amount
      if (amount > pending.amount)
        return { reason: 'exceeds-pending', pendingId, available: pending.amount, needed: amount }
      log.push({ command, amount, debit: pending.debit, credit: pending.credit, link, at: now })
      return undefined
    }
    for (const id of [command.debit, command.credit])
      if (!this.accounts.has(id)) return { reason: 'not-found', accountId: id }
    for (const id of [command.debit, command.credit]) {
      const { unit, code } = this.accounts.get(id)!
      if (unit !== command.unit) return { reason: 'unit-mismatch', accountId: id, accountCode: code }
    }
    if (command.kind === 'pending' && command.expiresAt !== undefined && Date.parse(command.expiresAt) <= now)
      return { reason: 'expired' }
    const { amount: needed, debit, credit } = command
    const [from, to] = [this.sums(log, debit), this.sums(log, credit)]
    const { minBalance, code: debitCode } = this.accounts.get(debit)!
    const below = from.c - from.d - from.dp - (minBalance ?? Number.NEGATIVE_INFINITY)
    if (needed > below) return { reason: 'limit', accountId: debit, accountCode: debitCode, available: below, needed }
    const { maxBalance, code: creditCode } = this.accounts.get(credit)!
    const above = (maxBalance ?? Number.POSITIVE_INFINITY) - (to.c + to.cp - to.d)
    if (needed > above) return { reason: 'limit', accountId: credit, accountCode: creditCode, available: above, needed }
    for (const [id, sum] of [
      [debit, from.dp + from.d],
      [credit, to.cp + to.c],
    ] as const)
      if (BigInt(sum) + BigInt(needed) >= 2n ** 53n)
        return { reason: 'overflow', accountId: id, accountCode: this.accounts.get(id)!.code }
    log.push({ command, amount: needed, debit, credit, link, at: now })
    return undefined
  }
}

const pendingOf = (command: Command): string | undefined => ('pendingId' in command ? command.pendingId : undefined)

const expiryOf = ({ command }: Entry): number =>
  command.kind === 'pending' && command.expiresAt !== undefined
    ? Date.parse(command.expiresAt)
    : Number.POSITIVE_INFINITY
