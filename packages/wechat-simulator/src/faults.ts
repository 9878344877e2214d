import { z } from 'zod'

/** A failure to play on the next calls of a path: what networks and busy servers do. */
export const faultSchema = z.strictObject({
  /** Beginning of the path, such as `/v3/refund`. */
  path: z.string().min(1).max(200),
  method: z.enum(['GET', 'POST']).optional(),
  times: z.int().min(1).max(10_000).default(1),
  /**
   * `refuse` answers with `status`, `code` and `message` and does nothing; `drop` cuts the connection before doing
   * anything; `drop_after` does it and cuts the connection before answering; `bad_signature` does it and signs wrongly.
   */
  kind: z.enum(['refuse', 'drop', 'drop_after', 'bad_signature']),
  status: z.int().min(400).max(599).default(500),
  code: z.string().max(64).default('SYSTEM_ERROR'),
  message: z.string().max(256).default('系统错误'),
  errcode: z.int().default(-1),
})
export type Fault = z.infer<typeof faultSchema>
export type FaultInput = z.input<typeof faultSchema>

export class Faults {
  #list: Fault[] = []

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

  /** Takes the first fault that fits a call, if any, and uses one of its times up. */
  take(method: string, path: string): Fault | undefined {
    const fault = this.#list.find((each) => path.startsWith(each.path) && (each.method ?? method) === method)
    if (!fault) return undefined
    fault.times -= 1
    if (fault.times <= 0) this.#list = this.#list.filter((each) => each !== fault)
    return fault
  }
}
