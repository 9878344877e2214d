/** Profit sharing 分账 (facts §1.12): money of a paid order is divided among receivers who were added before. */
export interface ProfitSharing {
  /** Adding twice is fine. @throws WechatPayError INVALID_REQUEST when the name is not the account's */
  addReceiver(receiver: NewSplitReceiver): Promise<void>
  /** What was split to a deleted receiver can still be returned. */
  deleteReceiver(receiver: Pick<NewSplitReceiver, 'appid' | 'type' | 'account'>): Promise<void>
  /**
   * Asks for a split; accepted is not done. Each receiver ends for itself: look at `receivers`, not at `state` alone.
   * Needs an order placed with `profitSharing`, paid at least a minute ago. Idempotent by `outOrderNo`.
   */
  request(input: SplitInput): Promise<Split>
  query(key: SplitKey): Promise<Split>
  /** Gives everything that was not split to the merchant; the order cannot be split afterwards. `outOrderNo` is a new number. */
  unfreeze(input: SplitKey & { description: string }): Promise<Split>
  /** What may still be split, of what was frozen. */
  unsplitFen(transactionId: string): Promise<number>
  /**
   * Takes back from a merchant who received; nobody else can be made to pay back. The money goes to the merchant's
   * available balance and cannot be split again. Idempotent by `outReturnNo`.
   */
  requestReturn(input: SplitReturnInput): Promise<SplitReturn>
  queryReturn(key: { outOrderNo: string; outReturnNo: string }): Promise<SplitReturn>
  /** Partner mode only: the highest share of an order that the sub-merchant lets be split, in basis points. */
  maxRatioBp(): Promise<number>
}

/** An account at WeChat Pay, an openid of the app, or (partner mode) an openid of the sub-merchant's app. */
export type SplitReceiverType = 'MERCHANT_ID' | 'PERSONAL_OPENID' | 'PERSONAL_SUB_OPENID'

export type SplitRelation =
  | 'SERVICE_PROVIDER'
  | 'STORE'
  | 'STAFF'
  | 'STORE_OWNER'
  | 'PARTNER'
  | 'HEADQUARTER'
  | 'BRAND'
  | 'DISTRIBUTOR'
  | 'USER'
  | 'SUPPLIER'
  | 'CUSTOM'

export interface NewSplitReceiver {
  appid: string
  type: SplitReceiverType
  account: string
  /** Plain text; it travels encrypted. Required for merchants, checked for people when given. */
  name?: string | undefined
  relation: SplitRelation
  /** For CUSTOM, at most ten characters. */
  customRelation?: string | undefined
}

export interface SplitKey {
  transactionId: string
  /** Ours, at most 64 of `0-9 A-Z a-z _ - | * @`. */
  outOrderNo: string
}

export interface SplitInput extends SplitKey {
  appid: string
  /** 1 to 50, each account once. */
  receivers: SplitShare[]
  /** Gives the rest to the merchant when the receivers are done: no further split. */
  unfreezeUnsplit: boolean
}

export interface SplitShare {
  type: SplitReceiverType
  account: string
  name?: string | undefined
  amountFen: number
  /** Receivers see it; at most 80 characters. */
  description: string
}

export type SplitState = 'PROCESSING' | 'FINISHED'
export type SplitResult = 'PENDING' | 'SUCCESS' | 'CLOSED'

export interface Split extends SplitKey {
  /** WeChat's number. */
  orderId: string
  /** FINISHED says that nothing is under way any more, not that everybody received. */
  state: SplitState
  receivers: SplitReceiverResult[]
}

export interface SplitReceiverResult {
  type: SplitReceiverType
  account: string
  amountFen: number
  description: string
  result: SplitResult
  /** ACCOUNT_ABNORMAL, NO_RELATION, RECEIVER_HIGH_RISK, RECEIVER_REAL_NAME_NOT_VERIFIED, NO_AUTH, … */
  failReason: string | null
  /** Stands in the fund-flow bill. */
  detailId: string | null
  createdAt: Date | null
  finishedAt: Date | null
}

export interface SplitReturnInput {
  /** The split's own number. */
  outOrderNo: string
  outReturnNo: string
  /** The merchant who gives back. */
  returnMchid: string
  amountFen: number
  description: string
}

export interface SplitReturn {
  orderId: string
  outOrderNo: string
  returnId: string
  outReturnNo: string
  returnMchid: string
  amountFen: number
  result: 'PROCESSING' | 'SUCCESS' | 'FAILED'
  /** ACCOUNT_ABNORMAL, BALANCE_NOT_ENOUGH, TIME_OUT_CLOSED, PAYER_ACCOUNT_ABNORMAL, INVALID_REQUEST */
  failReason: string | null
  createdAt: Date | null
  finishedAt: Date | null
}

/** Tells the merchant who receives, by a split or by a return; who asked for the split is never told. */
export interface SplitNotice {
  mchid: string
  transactionId: string
  orderId: string
  outOrderNo: string
  receiverType: string
  account: string
  amountFen: number
  description: string
  succeededAt: Date | null
}

export interface SplitBill {
  rows: SplitBillRow[]
  summary: { count: number; amountFen: number }
}

/** One receiver of one split, or one return; only what succeeded. */
export interface SplitBillRow {
  at: Date
  /** Who asked; `system` for what unfroze by itself. */
  initiator: string
  /** Whose money it is. */
  payerMchid: string
  transactionId: string
  orderId: string
  detailId: string
  /** Our number of the split or the return. */
  outNo: string
  orderFen: number
  receiver: string
  amountFen: number
  /** 分账, 分账回退, 解冻 … */
  businessType: string
  state: string
  description: string
  remark: string
}
