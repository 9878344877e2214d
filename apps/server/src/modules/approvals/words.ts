import type { RouteId } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'

export interface Words {
  zh: string
  en: string
  /** The screen of the thing, behind `/console/s/<shop>/`. */
  to: string | null
}

/** What a call carries, as the contract has let it through. */
interface Asked {
  params: Record<string, string>
  body: Record<string, unknown>
}

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 60) : '')
const money = (value: unknown): string => (typeof value === 'number' ? formatMoney(value) : '')
const count = (value: unknown): number => (Array.isArray(value) ? value.length : 0)
const spaced = (...parts: string[]): string => parts.filter((part) => part !== '').join(' ')

/**
 * What a second person is told of an operation: never more than they may see, nothing secret, amounts where there are.
 * Routes that are proven for a purpose of approvals have to be here; a test looks.
 */
export const APPROVAL_WORDS: Partial<Record<RouteId, (asked: Asked) => Words>> = {
  'console.withdraw': ({ body }) => ({
    zh: `提现 ${money(body.amountFen)}`,
    en: `Withdraw ${money(body.amountFen)}`,
    to: 'withdrawals',
  }),
  'console.setPayoutAccount': () => ({
    zh: '更换店铺的提现收款账户',
    en: 'Change the payout account of the shop',
    to: 'withdrawals',
  }),
  'console.setPartyAccount': ({ params }) => ({
    zh: '更换合作方的收款账户',
    en: 'Change the account a party is paid to',
    to: `parties/${params.partyId}`,
  }),
  'console.savePersonalCode': ({ body }) => ({
    zh: spaced('保存个人收款码', text(body.label)),
    en: spaced('Save a personal receive code', text(body.label)),
    to: 'personal-codes',
  }),
  'console.setAccountCredentials': () => ({
    zh: '修改渠道账号的密钥与凭证',
    en: 'Change the credentials of a channel account',
    to: 'accounts',
  }),
  'console.refundOrder': ({ params, body }) => ({
    zh: spaced('整单退款：', text(body.reason)),
    en: spaced('Refund a whole order:', text(body.reason)),
    to: `orders/${params.orderId}`,
  }),
  'console.refundUnits': ({ params, body }) => ({
    zh: spaced('订单部分退款', money(body.amountFen)),
    en: spaced('Refund a part of an order', money(body.amountFen)),
    to: `orders/${params.orderId}`,
  }),
  'console.approveAftersales': ({ body }) => ({
    zh: `同意 ${count(body.caseIds)} 个售后申请`,
    en: `Agree to ${count(body.caseIds)} after-sale cases`,
    to: count(body.caseIds) === 1 ? `aftersale/${(body.caseIds as string[])[0]}` : 'aftersale',
  }),
  'console.inspectAftersale': ({ params }) => ({
    zh: '验收退货并退款',
    en: 'Accept returned goods and refund',
    to: `aftersale/${params.caseId}`,
  }),
  'console.recordPersonalRefund': () => ({
    zh: '登记一笔手工退款',
    en: 'Record a refund made by hand',
    to: 'personal-payments?tab=refunds',
  }),
  'console.confirmPersonalPayment': ({ body }) => ({
    zh: spaced('确认收款码到账', money(body.receivedFen)),
    en: spaced('Confirm a payment by code', money(body.receivedFen)),
    to: 'personal-payments?state=waiting',
  }),
  'console.adjustDifference': ({ params, body }) => ({
    zh: spaced('用调整凭证关闭对账差异：', text(body.reason)),
    en: spaced('Close a difference by an adjustment:', text(body.reason)),
    to: `differences/${params.differenceId}`,
  }),
  'console.adjustStock': ({ body }) => ({
    zh: spaced('手工调整库存：', text(body.note)),
    en: spaced('Adjust stock by hand:', text(body.note)),
    to: 'stock',
  }),
  'console.startExport': ({ body }) => ({
    zh: `导出「${text(body.title)}」`,
    en: `Export “${text(body.title)}”`,
    to: null,
  }),
}
