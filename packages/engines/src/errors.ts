/**
 * A condition the person who runs the shop can act on: the message is a complete sentence in Chinese followed by
 * one in English, and names what to change. Programs tell the conditions apart by `code`.
 */
export class EngineError extends Error {
  readonly code: EngineErrorCode
  readonly zh: string
  readonly en: string

  constructor(code: EngineErrorCode, zh: string, en: string, options?: ErrorOptions) {
    super(`${zh} ${en}`, options)
    this.name = 'EngineError'
    this.code = code
    this.zh = zh
    this.en = en
  }
}

export type EngineErrorCode =
  | 'ALREADY_RUNNING'
  | 'DISK_FULL'
  | 'NO_PERMISSION'
  | 'PORT_TAKEN'
  | 'PLATFORM_UNSUPPORTED'
  | 'VERSION_MISMATCH'
  | 'START_FAILED'
  | 'CHILD_DIED'

/** Receives one line of text (no trailing newline) at a time. */
export type Log = (line: string) => void

/** The last `count` lines of a text, for showing why a child process failed. */
export function tailLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}
