import type { KeyObject } from 'node:crypto'
import { SIGNATURE_WINDOW_MS } from './client.ts'
import { readCombined } from './combined.ts'
import { openSealed, responseMessage, verifySignature } from './crypto.ts'
import { type LocalCode, WechatPayError } from './errors.ts'
import type { NoticeInput, PayNotice } from './port.ts'
import { asObject, asText, readRefundNotice, readTransaction } from './shapes.ts'
import { readSplitNotice } from './sharing.ts'
import { readTransferNotice } from './transfers.ts'

const SIGNATURE_TYPE = 'WECHATPAY2-SHA256-RSA2048'
const PROBE = 'WECHATPAY/SIGNTEST/'
/** Notices are a few kilobytes; whatever is longer is not one. */
const MOST_NOTICE_BYTES = 262_144

export interface NoticeKeys {
  find(serial: string): Promise<KeyObject | undefined>
  apiV3Key: Buffer
  now: () => number
  /** Without it any merchant's notice is read (tests with published vectors). */
  mchid?: string
  /** In partner mode the sub-merchant whose notices these are. */
  subMchid?: string | undefined
}

export interface OpenedNotice {
  id: string
  eventType: string
  originalType: string
  summary: string
  createdAt: Date
  resource: unknown
}

const refuse = (status: number, code: LocalCode, message: string, cause?: unknown) =>
  new WechatPayError({ status, code, message, cause })

function headerOf(headers: NoticeInput['headers'], name: string): string {
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() === name) return (Array.isArray(value) ? value[0] : value) ?? ''
  }
  return ''
}

async function checkSignature(input: NoticeInput, body: Buffer, keys: NoticeKeys): Promise<void> {
  const header = (name: string) => headerOf(input.headers, name)
  const signature = header('wechatpay-signature')
  if (signature.startsWith(PROBE)) {
    throw refuse(401, 'NOTICE_SIGNATURE_PROBE', 'WeChat Pay probed whether signatures are checked')
  }
  const type = header('wechatpay-signature-type')
  if (type !== '' && type !== SIGNATURE_TYPE)
    throw refuse(401, 'NOTICE_SIGNATURE_INVALID', `unknown signature type ${type}`)
  const timestamp = header('wechatpay-timestamp')
  if (!/^\d{1,12}$/.test(timestamp)) throw refuse(401, 'NOTICE_SIGNATURE_INVALID', 'the notice has no timestamp')
  if (Math.abs(keys.now() - Number(timestamp) * 1000) > SIGNATURE_WINDOW_MS) {
    throw refuse(401, 'NOTICE_EXPIRED', `the notice's timestamp ${timestamp} is more than five minutes away`)
  }
  const serial = header('wechatpay-serial')
  const key = await keys.find(serial)
  if (!key) throw refuse(401, 'NOTICE_SIGNATURE_INVALID', `the notice is signed by an unknown key ${serial}`)
  if (!verifySignature(responseMessage(timestamp, header('wechatpay-nonce'), body), signature, key)) {
    throw refuse(401, 'NOTICE_SIGNATURE_INVALID', 'the notice is not signed by WeChat Pay')
  }
}

/** Verifies a notice and opens its resource, whatever it is about (facts §1.3, §1.8). */
export async function openNotice(input: NoticeInput, keys: NoticeKeys): Promise<OpenedNotice> {
  const body = Buffer.from(input.rawBody)
  if (body.length > MOST_NOTICE_BYTES) throw refuse(400, 'NOTICE_MALFORMED', `a notice of ${body.length} bytes`)
  await checkSignature(input, body, keys)
  try {
    const notice = asObject(JSON.parse(body.toString('utf8')), 'the notice')
    const resource = asObject(notice.resource, 'resource')
    const plain = openSealed(
      {
        ciphertext: asText(resource.ciphertext, 'ciphertext'),
        nonce: asText(resource.nonce, 'nonce'),
        associated_data: typeof resource.associated_data === 'string' ? resource.associated_data : '',
      },
      keys.apiV3Key,
    )
    return {
      id: asText(notice.id, 'id'),
      eventType: asText(notice.event_type, 'event_type'),
      originalType: typeof resource.original_type === 'string' ? resource.original_type : '',
      summary: typeof notice.summary === 'string' ? notice.summary : '',
      createdAt: new Date(asText(notice.create_time, 'create_time')),
      resource: JSON.parse(plain.toString('utf8')),
    }
  } catch (cause) {
    throw refuse(400, 'NOTICE_MALFORMED', 'the notice cannot be read', cause)
  }
}

const hasMember = (resource: unknown, name: string) =>
  typeof resource === 'object' && resource !== null && Object.hasOwn(resource, name)

/** The merchant a notice is for, under whichever of its names the kind of notice uses. */
function merchantOf(resource: unknown): unknown {
  if (typeof resource !== 'object' || resource === null) return undefined
  const named = resource as Record<string, unknown>
  return named.mchid ?? named.sp_mchid ?? named.mch_id ?? named.combine_mchid
}

/** Opens a notice and gives it its meaning; one for another merchant is refused. */
export async function readNotice(input: NoticeInput, keys: NoticeKeys): Promise<PayNotice> {
  const { id, eventType, originalType, summary, createdAt, resource } = await openNotice(input, keys)
  const mchid = merchantOf(resource)
  if (keys.mchid !== undefined && mchid !== undefined && mchid !== keys.mchid) {
    throw refuse(400, 'NOTICE_WRONG_MERCHANT', `the notice is for merchant ${String(mchid)}`)
  }
  const subMchid = hasMember(resource, 'sub_mchid') ? (resource as { sub_mchid: unknown }).sub_mchid : undefined
  if (keys.subMchid !== undefined && subMchid !== undefined && subMchid !== keys.subMchid) {
    throw refuse(400, 'NOTICE_WRONG_MERCHANT', `the notice is for sub-merchant ${String(subMchid)}`)
  }
  const base = { id, eventType, createdAt }
  try {
    // Split notices come under their own name or, as other pages of WeChat's say, under the payments' (facts §1.8).
    if (originalType === 'profitsharing' || eventType.startsWith('PROFITSHARING.')) {
      const isReturn = eventType === 'PROFITSHARING.RETURN' || summary === '分账回退'
      return { kind: 'split', ...base, isReturn, split: readSplitNotice(resource) }
    }
    if (eventType === 'TRANSACTION.SUCCESS' && hasMember(resource, 'combine_out_trade_no')) {
      return { kind: 'combined', ...base, combined: readCombined(resource) }
    }
    if (eventType === 'TRANSACTION.SUCCESS' && originalType === 'transaction') {
      return { kind: 'payment', ...base, transaction: readTransaction(resource) }
    }
    if (eventType === 'MCHTRANSFER.BILL.FINISHED') {
      return { kind: 'transfer', ...base, transfer: readTransferNotice(resource) }
    }
    if (/^REFUND\.(SUCCESS|ABNORMAL|CLOSED)$/.test(eventType)) {
      return { kind: 'refund', ...base, refund: readRefundNotice(resource) }
    }
  } catch (cause) {
    throw refuse(400, 'NOTICE_MALFORMED', 'the notice lacks something it must have', cause)
  }
  return { kind: 'other', ...base, resource }
}
