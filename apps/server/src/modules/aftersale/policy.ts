import { type AftersalePolicy, AftersaleReason, type AftersaleType, type ReturnAddress } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { findPolicy, savePolicy } from './store.ts'

const BACK: AftersaleType[] = ['return', 'exchange']
const ALL: AftersaleType[] = ['refund', 'return', 'exchange']

/** What buyers can choose in a shop that has not written reasons of its own. */
export const STANDARD_REASONS: readonly AftersaleReason[] = [
  {
    code: 'not-wanted',
    label: '不想要了',
    fault: 'buyer',
    quality: false,
    types: ['refund', 'return'],
    evidence: false,
  },
  { code: 'no-reason', label: '七天无理由', fault: 'buyer', quality: false, types: BACK, evidence: false },
  { code: 'wrong-size', label: '尺码、颜色不合适', fault: 'buyer', quality: false, types: BACK, evidence: false },
  { code: 'quality', label: '质量问题', fault: 'merchant', quality: true, types: ALL, evidence: true },
  { code: 'not-as-described', label: '与描述不符', fault: 'merchant', quality: true, types: ALL, evidence: true },
  { code: 'wrong-goods', label: '发错、漏发', fault: 'merchant', quality: false, types: ALL, evidence: true },
  { code: 'damaged', label: '运输破损', fault: 'carrier', quality: false, types: ALL, evidence: true },
  { code: 'not-arrived', label: '未收到货', fault: 'carrier', quality: false, types: ['refund'], evidence: false },
  { code: 'late', label: '发货太慢', fault: 'merchant', quality: false, types: ['refund'], evidence: false },
  { code: 'price', label: '协商退差价', fault: 'merchant', quality: false, types: ['refund'], evidence: false },
]

export async function policyOf(tx: Tx, shopId: string): Promise<AftersalePolicy> {
  const row = await findPolicy(tx, shopId)
  const reasons = row?.reasons?.map((each) => AftersaleReason.parse(each)) ?? [...STANDARD_REASONS]
  return { version: row?.version ?? 0, reasons, addresses: row?.addresses ?? [] }
}

const stale = () => new AppError('CONFLICT', { values: { what: '售后设置' } })

/** @throws AppError CONFLICT, VALIDATION_FAILED when two reasons have one code */
export async function saveReasons(
  tx: Tx,
  shopId: string,
  { version, reasons }: { version: number; reasons: AftersaleReason[] },
): Promise<void> {
  const codes = reasons.map(({ code }) => code)
  const twice = codes.find((code, at) => codes.indexOf(code) !== at)
  if (twice !== undefined)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '原因', reason: `编号 ${twice} 重复` },
      field: 'reasons',
    })
  const { addresses } = await policyOf(tx, shopId)
  if (!(await savePolicy(tx, shopId, { version, reasons, addresses }))) throw stale()
}

type AddressInput = Omit<ReturnAddress, 'id'> & { id?: string | undefined }

/** One of the addresses is the default: the first one, unless one is marked. @throws AppError CONFLICT */
export async function saveAddresses(
  tx: Tx,
  shopId: string,
  input: { version: number; addresses: AddressInput[] },
): Promise<void> {
  const row = await findPolicy(tx, shopId)
  const marked = Math.max(
    0,
    input.addresses.findIndex((each) => each.isDefault),
  )
  const addresses = input.addresses.map((each, at) => ({ ...each, id: each.id ?? newId(), isDefault: at === marked }))
  const saved = { version: input.version, reasons: row?.reasons ?? null, addresses }
  if (!(await savePolicy(tx, shopId, saved))) throw stale()
}

/** Where goods are sent back to: as chosen, else the default. @throws AppError VALIDATION_FAILED when there is none */
export async function returnAddress(
  tx: Tx,
  shopId: string,
  addressId: string | undefined,
): Promise<Omit<ReturnAddress, 'id' | 'isDefault'>> {
  const { addresses } = await policyOf(tx, shopId)
  const found =
    addressId === undefined ? addresses.find((each) => each.isDefault) : addresses.find((each) => each.id === addressId)
  if (found === undefined)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '退货地址', reason: '还没有设置，请到「售后设置」填写' },
      field: 'addressId',
    })
  const { id: _id, isDefault: _default, ...address } = found
  return address
}
