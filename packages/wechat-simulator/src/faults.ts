import { z } from 'zod'

/** Faults of calls: what networks and busy servers do. */
export const CALL_FAULTS = [
  'refuse',
  'server_error',
  'rate_limit',
  'drop',
  'drop_after',
  'slow',
  'bad_signature',
  'notify_first',
] as const
/** Faults of things that are under way: a refund, one receiver of a split, a return, a transfer. */
export const RESULT_FAULTS = ['fail', 'stall'] as const
/** Faults of notifications. */
export const NOTICE_FAULTS = [
  'notice_lose',
  'notice_lose_once',
  'notice_twice',
  'notice_late',
  'notice_swap',
  'notice_bad_signature',
] as const
const KINDS = [...CALL_FAULTS, ...RESULT_FAULTS, ...NOTICE_FAULTS] as const
export type FaultKind = (typeof KINDS)[number]
export type NoticeFault = (typeof NOTICE_FAULTS)[number]

/** A fault to play on the next calls, results or notifications that fit. */
export const faultSchema = z.strictObject({
  /** Beginning of the path, such as `/v3/refund`; for notifications the beginning of the event type, such as `REFUND`. */
  path: z.string().max(200).default(''),
  method: z.enum(['GET', 'POST']).optional(),
  times: z.int().min(1).max(10_000).default(1),
  /**
   * `refuse` answers with `status`, `code` and `message` and does nothing, `server_error` and `rate_limit` are its
   * common forms; `drop` cuts the connection before doing anything; `drop_after` does it and cuts the connection before
   * answering; `slow` does it and answers after `delay_ms` of real time; `bad_signature` does it and signs wrongly;
   * `notify_first` does it, finishes it, and has the shop notified before it answers.
   * `fail` ends a refund, a receiver, a return or a transfer with `reason`; `stall` ends it after `delay_ms`.
   * `notice_lose` never sends; `notice_lose_once` loses one attempt; `notice_twice` delivers twice; `notice_late` waits
   * `delay_ms`; `notice_swap` waits until another notice was delivered (or `delay_ms`); `notice_bad_signature` signs one
   * attempt wrongly.
   */
  kind: z.enum(KINDS),
  status: z.int().min(400).max(599).default(500),
  code: z.string().max(64).default('SYSTEM_ERROR'),
  message: z.string().max(256).default('系统错误'),
  errcode: z.int().default(-1),
  reason: z.string().max(64).default(''),
  delay_ms: z
    .int()
    .min(0)
    .max(40 * 86_400_000)
    .default(12_000),
})
export type Fault = z.infer<typeof faultSchema>
export type FaultInput = z.input<typeof faultSchema>

const rate = z.number().min(0).max(1)

/** Random mode: how likely each fault is, drawn from a seed. */
export const chaosSchema = z.strictObject({
  seed: z.int().min(0).max(4_294_967_295).default(1),
  /** Which calls it concerns. */
  path: z.string().max(200).default('/v3/'),
  rates: z.partialRecord(z.enum(KINDS), rate).default({}),
  /** Longest `slow` answer, in real time. */
  slow_ms: z.int().min(0).max(60_000).default(200),
  /** Longest wait of late, swapped and stalled things, in the simulator's time. */
  late_ms: z
    .int()
    .min(0)
    .max(40 * 86_400_000)
    .default(60_000),
  /** Reasons a random `fail` may have, by beginning of path; the first that fits is drawn from. */
  reasons: z.record(z.string(), z.array(z.string().max(64)).min(1)).default({
    '/v3/refund': ['CLOSED'],
    '/v3/profitsharing/orders': ['ACCOUNT_ABNORMAL', 'NO_RELATION', 'RECEIVER_HIGH_RISK', 'RECEIVER_RECEIPT_LIMIT'],
    '/v3/profitsharing/return-orders': ['BALANCE_NOT_ENOUGH', 'ACCOUNT_ABNORMAL'],
    '/v3/fund-app': ['PAYEE_ACCOUNT_ABNORMAL', 'REALNAME_ACCOUNT_RECEIVED_QUOTA_EXCEED', 'TRANSFER_RISK'],
  }),
})
export type Chaos = z.infer<typeof chaosSchema>
export type ChaosInput = z.input<typeof chaosSchema>

export interface Result {
  reason?: string
  stallMs?: number
}

/** A small generator with a seed (mulberry32): the same seed gives the same numbers. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const COMMON: Partial<Record<FaultKind, Pick<Fault, 'status' | 'code' | 'message'>>> = {
  server_error: { status: 502, code: 'SERVICE_UNAVAILABLE', message: '服务暂时不可用，请稍后重试' },
  rate_limit: { status: 429, code: 'FREQUENCY_LIMITED', message: '请求频率超过限制，请降低请求频率' },
}

/** Which faults wait to be played, and how many of each were. */
export class Faults {
  #list: Fault[] = []
  #chaos: Chaos | null = null
  #random = generator(1)
  #played: Partial<Record<FaultKind, number>> = {}

  add(input: FaultInput): Fault {
    const fault = faultSchema.parse(input)
    this.#list.push(fault)
    return fault
  }

  list(): Fault[] {
    return this.#list
  }

  clear(): void {
    this.#list = []
  }

  get chaos(): Chaos | null {
    return this.#chaos
  }

  /** Starts random mode from its seed, or ends it. */
  setChaos(input: ChaosInput | null): Chaos | null {
    this.#chaos = input === null ? null : chaosSchema.parse(input)
    this.#random = generator(this.#chaos?.seed ?? 1)
    return this.#chaos
  }

  /** How often each fault was played since the start. */
  played(): { total: number; kinds: Partial<Record<FaultKind, number>> } {
    return { total: Object.values(this.#played).reduce((sum, each) => sum + each, 0), kinds: { ...this.#played } }
  }

  /** The fault of a call, if any; one of its times is used up. */
  take(method: string, path: string): Fault | undefined {
    const fault = this.#find(CALL_FAULTS, path, method) ?? this.#drawn(CALL_FAULTS, path)
    const common = fault && COMMON[fault.kind]
    return common ? { ...fault, ...common, kind: 'refuse' } : fault
  }

  /** How something that was accepted shall end, when not well. `path` is that of the call that asked for it. */
  result(path: string): Result | undefined {
    const fault = this.#find(RESULT_FAULTS, path) ?? this.#drawn(RESULT_FAULTS, path)
    if (!fault) return undefined
    return fault.kind === 'stall' ? { stallMs: fault.delay_ms } : { reason: fault.reason || 'OTHER' }
  }

  notice(eventType: string): { kind: NoticeFault; delayMs: number } | undefined {
    const fault = this.#find(NOTICE_FAULTS, eventType) ?? this.#drawn(NOTICE_FAULTS, null)
    return fault && { kind: fault.kind as NoticeFault, delayMs: fault.delay_ms }
  }

  #find(kinds: readonly FaultKind[], path: string, method?: string): Fault | undefined {
    const fault = this.#list.find(
      (each) => kinds.includes(each.kind) && path.startsWith(each.path) && (each.method ?? method) === method,
    )
    if (!fault) return undefined
    fault.times -= 1
    if (fault.times <= 0) this.#list = this.#list.filter((each) => each !== fault)
    this.#count(fault.kind)
    return fault
  }

  /** One draw decides among the kinds: their rates share the interval. */
  #drawn(kinds: readonly FaultKind[], path: string | null): Fault | undefined {
    const chaos = this.#chaos
    if (!chaos || (path !== null && !path.startsWith(chaos.path))) return undefined
    let left = this.#random()
    for (const kind of kinds) {
      left -= chaos.rates[kind] ?? 0
      if (left >= 0) continue
      this.#count(kind)
      const most = kind === 'slow' ? chaos.slow_ms : chaos.late_ms
      return faultSchema.parse({
        kind,
        delay_ms: Math.floor(this.#random() * (most + 1)),
        reason: kind === 'fail' ? this.#reason(chaos, path ?? '') : '',
      })
    }
    return undefined
  }

  #reason(chaos: Chaos, path: string): string {
    const reasons = Object.entries(chaos.reasons).find(([beginning]) => path.startsWith(beginning))?.[1] ?? ['OTHER']
    return reasons[Math.floor(this.#random() * reasons.length)]!
  }

  #count(kind: FaultKind): void {
    this.#played[kind] = (this.#played[kind] ?? 0) + 1
  }
}
