import type { AftersaleType } from '@zhanggui/contract'
import type { Client } from '@zhanggui/contract/client'
import { fen } from '@zhanggui/contract/money'
import { newKey } from './client.ts'
import { drawPicture } from './pictures.ts'

/** What a buyer of the demo wants back of an order, and how far that has come. */
export interface DemoCase {
  /** Place of the line in the order. */
  line: number
  type: AftersaleType
  reasonCode: string
  note: string
  amountFen?: number
  pictures?: number
  steps: readonly ('approve' | 'reject' | 'dispute' | 'send-back')[]
}

const ADDRESS = {
  ...{ name: '林掌柜', phone: '13700001111', province: '浙江省', city: '杭州市', district: '余杭区', street: '' },
  ...{ detail: '仓前街道龙舟路 8 号 2 号仓', isDefault: true },
}

/** Where goods of the demo shop are sent back to. */
export async function addReturnAddress(staff: Client, shopId: string): Promise<void> {
  const params = { shopId }
  const { version, addresses } = await staff('console.aftersalePolicy', { params })
  if (addresses.length > 0) return
  await staff('console.saveReturnAddresses', { params, body: { version, addresses: [ADDRESS] } })
}

/** Has the buyer ask, and both sides do what follows; what was asked for already is left alone. */
export async function openCase(
  buyer: Client,
  staff: Client,
  params: { shopId: string; orderId: string },
  wanted: DemoCase,
): Promise<void> {
  const { shopId } = params
  if ((await buyer('aftersale.options', { params })).cases.length > 0) return
  const { line, type, reasonCode, note, amountFen, pictures = 0, steps } = wanted
  const evidenceFileIds = await Promise.all(Array.from({ length: pictures }, (_, turn) => upload(buyer, shopId, turn)))
  const { id: caseId } = await buyer('aftersale.apply', {
    ...{ params, idempotencyKey: newKey() },
    body: {
      ...{ type, reasonCode, note, evidenceFileIds, lines: [{ line, quantity: 1 }] },
      ...(amountFen === undefined ? {} : { amountFen: fen(amountFen) }),
    },
  })
  const at = { params: { shopId, caseId } }
  for (const step of steps)
    if (step === 'approve')
      await staff('console.approveAftersales', { params: { shopId }, body: { caseIds: [caseId] } })
    else if (step === 'reject')
      await staff('console.rejectAftersale', { ...at, body: { reason: '物流显示派送中，请再等一天' } })
    else if (step === 'dispute')
      await buyer('aftersale.dispute', { ...at, body: { text: '已经等了一周，快递也说找不到包裹' } })
    else
      await buyer('aftersale.sendBack', {
        ...at,
        body: { carrierCode: 'SF', trackingNo: `SF${String(1_500_000_000_000 + Date.now()).slice(-13)}` },
      })
}

async function upload(buyer: Client, shopId: string, turn: number): Promise<string> {
  const bytes = new Uint8Array(await drawPicture('cup', 'tea', turn))
  const file = new Blob([bytes], { type: 'image/jpeg' })
  return (await buyer('aftersale.upload', { params: { shopId }, file, fileName: `凭证-${turn}.jpg` })).fileId
}
