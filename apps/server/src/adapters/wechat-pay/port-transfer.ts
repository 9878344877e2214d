/** Merchant transfer 商家转账 (facts §1.14): money to a person's WeChat, who confirms it on the phone within 24 hours. */
export interface MerchantTransfers {
  /**
   * Places a transfer. `client` is what `wx.requestMerchantTransfer` is called with while it waits for its receiver.
   * Idempotent by `outBillNo`; after an unclear outcome query first, never take a new number.
   */
  create(input: TransferInput): Promise<PlacedTransfer>
  query(outBillNo: string): Promise<Transfer>
  queryByTransferBillNo(transferBillNo: string): Promise<Transfer>
  /** Calls it off, as long as its receiver has not confirmed. CANCELING is not CANCELLED. */
  cancel(outBillNo: string): Promise<{ state: TransferState; transferBillNo: string }>
}

export type TransferState =
  | 'ACCEPTED'
  | 'PROCESSING'
  | 'WAIT_USER_CONFIRM'
  | 'TRANSFERING'
  | 'SUCCESS'
  | 'FAIL'
  | 'CANCELING'
  | 'CANCELLED'

/** States that never change again; a transfer is announced in these only. */
export const FINAL_TRANSFER_STATES: readonly TransferState[] = ['SUCCESS', 'FAIL', 'CANCELLED']

export interface TransferInput {
  appid: string
  /** Letters and digits, at most 32. */
  outBillNo: string
  openid: string
  /** At least 10 fen. */
  amountFen: number
  /** At most 32 characters. */
  remark: string
  /** The receiver's real name in plain text; it travels encrypted. Required from ¥2,000. */
  userName?: string | undefined
  /** 1005 is pay for work (佣金报酬), the scene of commission. */
  sceneId: string
  /** What the scene asks to be told, such as 岗位类型 and 报酬说明 for 1005. */
  reports: { type: string; content: string }[]
  /** What the receiver reads it is, from the scene's list, such as 劳务报酬. */
  perception?: string | undefined
  notifyUrl?: string | undefined
}

/** What the receiver's phone opens the confirmation with. */
export interface ClientTransferParams {
  mchId: string
  appId: string
  package: string
}

export interface PlacedTransfer {
  outBillNo: string
  transferBillNo: string
  state: TransferState
  failReason: string | null
  createdAt: Date | null
  /** While `state` is WAIT_USER_CONFIRM. */
  packageInfo: string | null
  client: ClientTransferParams | null
}

export interface Transfer {
  outBillNo: string
  transferBillNo: string
  appid: string
  state: TransferState
  amountFen: number
  remark: string
  openid: string | null
  /** OVERDUE_CLOSE, MCH_CANCEL, NAME_NOT_CORRECT, PAYEE_ACCOUNT_ABNORMAL, … */
  failReason: string | null
  createdAt: Date | null
  updatedAt: Date | null
}

export type TransferNotice = Pick<
  Transfer,
  'outBillNo' | 'transferBillNo' | 'state' | 'amountFen' | 'openid' | 'failReason' | 'createdAt' | 'updatedAt'
>
