import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { parseFundFlowBill, parseSplitBill, parseTradeBill } from './bill.ts'
import type { PayClient } from './client.ts'
import { type LocalCode, WechatPayError } from './errors.ts'
import type { WechatPay } from './port.ts'
import { asObject, asText } from './shapes.ts'

const unpack = promisify(gunzip)
const MOST_BILL_BYTES = 256 * 1_048_576

function billError(code: LocalCode, message: string, cause?: unknown): WechatPayError {
  return new WechatPayError({
    status: 200,
    code,
    message: `the bill cannot be used: ${message}`,
    retryable: true,
    cause,
  })
}

/** Bounded, so that a small file cannot become a huge one. */
async function unpacked(bytes: Buffer, mostBytes: number): Promise<Buffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return await unpack(bytes, { maxOutputLength: mostBytes })
  } catch (cause) {
    throw billError('RESPONSE_MALFORMED', 'its gzip is damaged or too large', cause)
  }
}

/** Fetches a bill: asks for it, downloads it, unpacks it and checks the hash of its text. */
async function fetchBill(client: PayClient, pathAndQuery: string): Promise<string> {
  const link = asObject(await client.get(pathAndQuery), 'the bill')
  const address = asText(link.download_url, 'download_url')
  if (!URL.canParse(address)) throw billError('RESPONSE_MALFORMED', `“${address}” is not an address`)
  const url = new URL(address)
  const mostBytes = client.config.maxBillBytes ?? MOST_BILL_BYTES
  // The signed download goes to the configured host: an address in an answer never decides where signatures go.
  const text = await unpacked(await client.download(`${url.pathname}${url.search}`, mostBytes), mostBytes)
  const hash = createHash('sha1').update(text).digest('hex')
  if (hash !== String(link.hash_value).toLowerCase()) {
    throw billError('BILL_HASH_MISMATCH', `its SHA-1 is ${hash}, WeChat Pay announced ${String(link.hash_value)}`)
  }
  return text.toString('utf8')
}

/** Bills of a Beijing day. In partner mode trades and splits are those of the sub-merchant. */
export function billCalls(client: PayClient): Pick<WechatPay, 'tradeBill' | 'fundFlowBill' | 'splitBill'> {
  const { partner } = client.config
  const sub = partner ? `&sub_mchid=${partner.subMchid}` : ''
  const part = encodeURIComponent
  return {
    async tradeBill(day, type = 'ALL') {
      const query = `bill_date=${part(day)}&bill_type=${type}&tar_type=GZIP${sub}`
      return parseTradeBill(await fetchBill(client, `/v3/bill/tradebill?${query}`))
    },
    async fundFlowBill(day, account = 'BASIC') {
      const query = `bill_date=${part(day)}&account_type=${account}&tar_type=GZIP`
      return parseFundFlowBill(await fetchBill(client, `/v3/bill/fundflowbill?${query}`))
    },
    async splitBill(day) {
      const query = `bill_date=${part(day)}&tar_type=GZIP${sub}`
      return parseSplitBill(await fetchBill(client, `/v3/profitsharing/bills?${query}`))
    },
  }
}
