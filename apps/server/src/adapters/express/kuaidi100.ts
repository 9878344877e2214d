import { createHash, timingSafeEqual } from 'node:crypto'
import { CARRIER_TABLE, type CarrierInfo } from '@zhanggui/contract'
import { z } from 'zod'
import {
  type Express,
  type ExpressConfig,
  ExpressError,
  type Parcel,
  type ParcelEvent,
  type ParcelNews,
  type ParcelState,
} from './port.ts'

/** Kuaidi100's numbers for states (`state`, and `statusCode` of events, of which the first digits count). */
const STATES: Readonly<Record<string, ParcelState>> = {
  0: 'in-transit',
  1: 'collected',
  2: 'problem',
  3: 'signed',
  4: 'returned',
  5: 'delivering',
  6: 'returned',
  7: 'in-transit',
  8: 'in-transit',
  10: 'in-transit',
  11: 'in-transit',
  12: 'in-transit',
  13: 'problem',
  14: 'problem',
}
const STATUS_WORDS: Readonly<Record<string, ParcelState>> = {
  在途: 'in-transit',
  揽收: 'collected',
  疑难: 'problem',
  签收: 'signed',
  退签: 'returned',
  派件: 'delivering',
  退回: 'returned',
  转投: 'in-transit',
  清关: 'in-transit',
  拒签: 'problem',
}

const MOST_EVENTS = 200
const MOST_ANSWER_BYTES = 1_048_576
const DUPLICATE = '501'
/** No such company, refused, number not recognised: asking again changes nothing. */
const UNSUPPORTED = new Set(['700', '701', '702'])

const text = z.string().max(2000)
const Result = z.object({
  com: z.string().max(40),
  nu: z.string().max(64),
  state: z.union([z.string(), z.number()]).transform(String),
  ischeck: z.union([z.string(), z.number()]).transform(String).optional(),
  data: z
    .array(
      z.object({
        context: text,
        time: z.string().max(40),
        ftime: z.string().max(40).optional(),
        status: z.string().max(40).optional(),
        statusCode: z.union([z.string(), z.number()]).transform(String).optional(),
        areaName: z.string().max(200).nullish(),
      }),
    )
    .max(2000)
    .default([]),
})
const Push = z.object({ status: z.string(), message: z.string().optional(), lastResult: Result })

/** Follows parcels with Kuaidi100: subscription with signed push, and asking at once. */
export function createKuaidi100(config: ExpressConfig): Express {
  const { baseUrl, key, customer, timeoutMs = 10_000 } = config
  const post = async (path: string, form: Record<string, string>): Promise<Record<string, unknown>> => {
    try {
      const response = await fetch(new URL(path, baseUrl), {
        method: 'POST',
        redirect: 'error',
        body: new URLSearchParams(form),
        signal: AbortSignal.timeout(timeoutMs),
      })
      const body = await response.text()
      if (!response.ok || body.length > MOST_ANSWER_BYTES)
        throw new ExpressError('malformed', `Kuaidi100 answered ${response.status}`, { retryable: true })
      return z.record(z.string(), z.unknown()).parse(JSON.parse(body))
    } catch (error) {
      if (error instanceof ExpressError) throw error
      const isAnswer = error instanceof SyntaxError || error instanceof z.ZodError
      throw new ExpressError(isAnswer ? 'malformed' : 'network', `Kuaidi100 did not answer ${path}`, {
        retryable: true,
        cause: error,
      })
    }
  }

  return {
    async subscribe(parcel, { url, salt }) {
      const company = companyOf(parcel)
      if (company === '') return 'unsupported'
      const param = {
        ...{ company, number: parcel.number, key },
        parameters: { callbackurl: url, salt, resultv2: '4', ...phone(parcel) },
      }
      const answer = await post('/poll', { schema: 'json', param: JSON.stringify(param) })
      const code = String(answer.returnCode ?? '')
      if (answer.result === true || code === DUPLICATE) return 'following'
      if (UNSUPPORTED.has(code)) return 'unsupported'
      const retryable = code === '500' || code === ''
      throw new ExpressError('refused', `Kuaidi100 refused: ${code} ${String(answer.message ?? '')}`, { retryable })
    },

    async query(parcel) {
      const company = companyOf(parcel)
      if (company === '') return undefined
      const param = JSON.stringify({ com: company, num: parcel.number, resultv2: '4', ...phone(parcel) })
      const answer = await post('/poll/query.do', { customer, sign: md5(param + key + customer), param })
      if (String(answer.status ?? '') !== '200') return undefined
      return toNews(parsed(Result, answer), false)
    },

    readCallback(body, salt) {
      const form = new URLSearchParams(body)
      const [sign, param] = [form.get('sign') ?? '', form.get('param') ?? '']
      const expected = Buffer.from(md5(param + salt))
      const given = Buffer.from(sign.toUpperCase())
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        throw new ExpressError('signature', 'The callback is not signed with our salt', { retryable: false })
      const push = parsed(Push, json(param))
      return toNews(push.lastResult, push.status === 'shutdown' || push.status === 'abort')
    },
  }
}

/** The aggregator's code of the carrier; empty where nobody follows it. */
const companyOf = ({ carrierCode }: Parcel): string =>
  (CARRIER_TABLE as Record<string, CarrierInfo>)[carrierCode]?.kuaidi100 ?? ''

const phone = ({ phoneTail }: Parcel): { phone?: string } => (phoneTail ? { phone: phoneTail } : {})

/** Upper-case MD5 in hex, as Kuaidi100 signs. */
export const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex').toUpperCase()

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ExpressError('malformed', 'The callback is not JSON', { retryable: false, cause })
  }
}

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const answer = schema.safeParse(value)
  if (answer.success) return answer.data
  throw new ExpressError('malformed', `Kuaidi100 told something else: ${answer.error.issues[0]?.message}`, {
    retryable: false,
  })
}

function toNews(result: z.output<typeof Result>, isOver: boolean): ParcelNews {
  const events = result.data.slice(0, MOST_EVENTS).flatMap((each): ParcelEvent[] => {
    const at = beijing(each.ftime ?? each.time) ?? beijing(each.time)
    if (at === undefined) return []
    const state =
      STATES[each.statusCode ?? ''] ?? STATES[(each.statusCode ?? '').slice(0, 1)] ?? STATUS_WORDS[each.status ?? '']
    return [
      { at, text: each.context.slice(0, 300), state: state ?? 'in-transit', area: (each.areaName ?? '').slice(0, 60) },
    ]
  })
  const state = STATES[result.state] ?? 'in-transit'
  return { company: result.com, number: result.nu, state, events, isOver: isOver || result.ischeck === '1' }
}

/** `2026-11-11 09:30:00` in Beijing as an instant in UTC. */
function beijing(time: string): string | undefined {
  const found = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(time.trim())
  if (!found) return undefined
  const at = new Date(`${found[1]}T${found[2]}+08:00`)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
