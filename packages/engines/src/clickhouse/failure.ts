/** An error as ClickHouse reports it: number, name, text. */
export class ClickHouseFailure extends Error {
  readonly code: number
  readonly type: string

  constructor(code: number, type: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ClickHouseFailure'
    this.code = code
    this.type = type
  }

  /** Reads the engine's `Code: N. DB::Exception: text (TYPE)`; anything else becomes code 1002, as in ClickHouse. */
  static from(error: unknown): ClickHouseFailure {
    if (error instanceof ClickHouseFailure) return error
    const text = error instanceof Error ? error.message : String(error)
    if (error instanceof Error && error.name === 'AbortError')
      return new ClickHouseFailure(394, 'QUERY_WAS_CANCELLED', 'Query was cancelled', { cause: error })
    const match = /Code: (\d+)\. DB::Exception: ([\s\S]*?)\s*\(([A-Z0-9_]{3,})\)\s*(?:\(version [^)]*\))?\s*$/.exec(
      text,
    )
    if (!match) return new ClickHouseFailure(1002, 'UNKNOWN_EXCEPTION', text, { cause: error })
    const [, code, message, type] = match
    return new ClickHouseFailure(Number(code), type!, message!.replace(/\.$/, ''), { cause: error })
  }

  /** The HTTP status ClickHouse answers such an error with. */
  get status(): number {
    if (this.code === 202) return 503
    if (this.code === 516 || this.code === 497 || this.code === 193 || this.code === 192) return 403
    if (this.code === 48) return 501
    if (this.code === 1_000_413) return 413
    if (NOT_FOUND.has(this.code)) return 404
    if (BAD_REQUEST.has(this.code)) return 400
    return 500
  }

  body(version: string): string {
    const code = this.code === 1_000_413 ? 307 : this.code
    return `Code: ${code}. DB::Exception: ${this.message}. (${this.type}) (version ${version})\n`
  }
}

const NOT_FOUND = new Set([46, 47, 50, 56, 60, 81, 115])
const BAD_REQUEST = new Set([
  6, 19, 23, 26, 27, 34, 36, 38, 41, 42, 43, 44, 51, 53, 62, 72, 108, 117, 158, 396, 456, 457,
])
