import pino, { type DestinationStream, type Logger } from 'pino'
import { redact, redactField, redactText } from './redact.ts'

export type { Logger } from 'pino'

export interface LogOptions {
  level?: string
  /** Fields on every line, e.g. the roles of this process. */
  base?: Record<string, unknown>
  /** Where lines go; standard output unless told. */
  destination?: DestinationStream
}

const MAX_DEPTH = 8

/** Fields that serializers below turn into something short; they clean it themselves. */
const SERIALIZERS = {
  err: redact,
  error: redact,
  req: (req: { method?: string; url?: string; ip?: string }) => ({
    method: req.method,
    url: redactText(req.url ?? ''),
    ip: req.ip,
  }),
  res: (res: { statusCode?: number }) => ({ status: res.statusCode }),
}

/**
 * The program's log: one JSON object a line, with personal data and secrets taken out of every field and every
 * message, whoever wrote them. The level is a word, the time ISO 8601.
 */
export function createLogger(options: LogOptions = {}): Logger {
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: redact(options.base ?? {}),
      depthLimit: MAX_DEPTH,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: SERIALIZERS,
      hooks: {
        logMethod(args, method) {
          const clean = args.map((arg) => (typeof arg === 'string' ? redactText(arg) : redactArgument(arg)))
          method.apply(this, clean as Parameters<typeof method>)
        },
      },
    },
    options.destination ?? pino.destination({ fd: 1, sync: false }),
  )
  const child = logger.child
  // Children inherit this method, so the fields of their children are cleaned as well.
  logger.child = function (this: Logger, bindings, childOptions) {
    return child.call(this, redactArgument(bindings) as typeof bindings, childOptions)
  } as typeof child
  return logger
}

function redactArgument(arg: unknown): unknown {
  if (arg instanceof Error) return { err: arg, msg: redactText(arg.message) }
  if (typeof arg !== 'object' || arg === null || Array.isArray(arg)) return redact(arg)
  const names = Object.keys(arg)
  return Object.fromEntries(
    Object.entries(arg).map(([name, value]) => [name, name in SERIALIZERS ? value : redactField(name, value, names)]),
  )
}
