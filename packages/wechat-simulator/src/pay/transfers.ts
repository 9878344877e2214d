import { randomBytes } from 'node:crypto'
import { rfc3339 } from '../beijing.ts'
import type { SimulatorClock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { Faults } from '../faults.ts'
import type { People } from '../people.ts'
import type { SettingsStore } from '../settings.ts'
import type { Accounts } from './accounts.ts'
import { digits, fingerprint } from './orders.ts'
import { invalidRequest, NUMERIC, PayRefusal, parameterError } from './refusal.ts'

const CALL = '/v3/fund-app/mch-transfer/transfer-bills'
const QUERY_LIFE_MS = 30 * 86_400_000
/** What the scenes ask to be told (facts §1.14); the others take anything. */
const SCENE_REPORTS: Record<string, string[]> = {
  1000: ['活动名称', '奖励说明'],
  1005: ['岗位类型', '报酬说明'],
}

export type TransferState =
  | 'ACCEPTED'
  | 'WAIT_USER_CONFIRM'
  | 'TRANSFERING'
  | 'SUCCESS'
  | 'FAIL'
  | 'CANCELING'
  | 'CANCELLED'

export interface Transfer {
  out_bill_no: string
  transfer_bill_no: string
  appid: string
  openid: string
  person_id: string
  amount: number
  remark: string
  user_name: string | null
  scene_id: string
  perception: string
  notify_url: string
  package_info: string
  fingerprint: string
  state: TransferState
  /** How it ends once it was confirmed. */
  outcome: 'SUCCESS' | 'FAIL'
  fail_reason: string | null
  created_at: number
  updated_at: number
  /** When it goes on by itself; null at its end. */
  due_at: number | null
}

export interface AskedTransfer {
  appid: string
  out_bill_no: string
  transfer_scene_id: string
  openid: string
  transfer_amount: number
  transfer_remark: string
  notify_url?: string
  user_recv_perception?: string
  transfer_scene_report_infos: Array<{ info_type: string; info_content: string }>
}

/** Merchant transfers: WAIT_USER_CONFIRM → TRANSFERING → SUCCESS or FAIL; CANCELING → CANCELLED (facts §1.14). */
export class Transfers {
  readonly #db: Database
  readonly #clock: SimulatorClock
  readonly #settings: SettingsStore
  readonly #people: People
  readonly #accounts: Accounts
  readonly #faults: Faults

  constructor(world: {
    db: Database
    clock: SimulatorClock
    settings: SettingsStore
    people: People
    accounts: Accounts
    faults: Faults
  }) {
    this.#db = world.db
    this.#clock = world.clock
    this.#settings = world.settings
    this.#people = world.people
    this.#accounts = world.accounts
    this.#faults = world.faults
  }

  get(outBillNo: string): Transfer | undefined {
    return this.#db.one<Transfer>('SELECT * FROM transfers WHERE out_bill_no = ?', outBillNo)
  }

  byBillNo(transferBillNo: string): Transfer | undefined {
    return this.#db.one<Transfer>('SELECT * FROM transfers WHERE transfer_bill_no = ?', transferBillNo)
  }

  byPackage(packageInfo: string): Transfer | undefined {
    return this.#db.one<Transfer>('SELECT * FROM transfers WHERE package_info = ?', packageInfo)
  }

  list(filter: { person_id?: string | undefined; limit?: number | undefined }): Transfer[] {
    return this.#db.all<Transfer>(
      `SELECT * FROM transfers WHERE (?1 IS NULL OR person_id = ?1) ORDER BY created_at DESC, rowid DESC LIMIT ?2`,
      ...[filter.person_id ?? null, filter.limit ?? 50],
    )
  }

  /** Places a transfer or repeats the one of the same number. `userName` is decrypted. */
  create(asked: AskedTransfer, userName: string | null): Transfer {
    return this.#db.transaction(() => {
      const print = fingerprint([asked, userName])
      const known = this.get(asked.out_bill_no)
      if (known && known.fingerprint !== print) throw invalidRequest('商户单号重复，与首次请求的参数不一致')
      if (known) return known
      this.#check(asked, userName)
      this.#insert(asked, userName, print)
      return this.get(asked.out_bill_no)!
    })
  }

  /** What a query may see: transfers of the last thirty days. */
  recent(transfer: Transfer | undefined): Transfer {
    if (transfer && this.#clock.now() - transfer.created_at <= QUERY_LIFE_MS) return transfer
    throw new PayRefusal(404, 'NOT_FOUND', '记录不存在', NUMERIC.UNPUBLISHED)
  }

  cancel(outBillNo: string, hurried: boolean): Transfer {
    const transfer = this.recent(this.get(outBillNo))
    if (transfer.state === 'CANCELING' || transfer.state === 'CANCELLED') return transfer
    if (transfer.state !== 'WAIT_USER_CONFIRM') throw invalidRequest('当前转账单状态不支持撤销')
    const delayMs = hurried ? 0 : this.#settings.get().transfer_delay_ms
    this.#move(transfer, 'CANCELING', { dueAt: this.#clock.now() + delayMs })
    return this.get(outBillNo)!
  }

  /** The receiver confirmed on the phone; false when there is nothing to confirm any more. */
  confirm(outBillNo: string): boolean {
    const transfer = this.get(outBillNo)
    if (transfer?.state !== 'WAIT_USER_CONFIRM' || transfer.due_at! <= this.#clock.now()) return false
    const fate = this.#faults.result(CALL)
    const isWrongName = transfer.user_name !== null && transfer.user_name !== this.#people.get(transfer.person_id)?.name
    const reason = isWrongName ? 'NAME_NOT_CORRECT' : fate?.reason
    if (reason !== undefined) this.decide(outBillNo, 'FAIL', reason)
    const delayMs = fate?.stallMs ?? this.#settings.get().transfer_delay_ms
    this.#move(transfer, 'TRANSFERING', { dueAt: this.#clock.now() + delayMs })
    return true
  }

  /** Decides how an open transfer will end once it was confirmed. */
  decide(outBillNo: string, outcome: Transfer['outcome'], reason: string): boolean {
    const sql = `UPDATE transfers SET outcome = ?, fail_reason = ? WHERE out_bill_no = ?
                 AND state IN ('ACCEPTED', 'WAIT_USER_CONFIRM', 'TRANSFERING')`
    return this.#db.run(sql, outcome, outcome === 'FAIL' ? reason : null, outBillNo) === 1
  }

  nextDueMs(): number | null {
    return this.#db.one<{ due: number | null }>('SELECT min(due_at) AS due FROM transfers WHERE due_at IS NOT NULL')!
      .due
  }

  /** Takes one transfer a step on, whose time has come; the caller announces those that ended. */
  stepOne(): Transfer | undefined {
    const now = this.#clock.now()
    const due = this.#db.one<Transfer>('SELECT * FROM transfers WHERE due_at <= ? ORDER BY due_at LIMIT 1', now)
    if (!due) return undefined
    if (due.state === 'WAIT_USER_CONFIRM') this.#move(due, 'FAIL', { dueAt: null, reason: 'OVERDUE_CLOSE' })
    else if (due.state === 'CANCELING') this.#move(due, 'CANCELLED', { dueAt: null, reason: 'MCH_CANCEL' })
    else {
      this.#move(due, due.outcome, { dueAt: null })
      if (due.outcome === 'SUCCESS') this.#book(due)
    }
    return this.get(due.out_bill_no)
  }

  /** The reply to placing: what the phone opens is there while it waits. */
  placed(transfer: Transfer): Record<string, unknown> {
    return {
      out_bill_no: transfer.out_bill_no,
      transfer_bill_no: transfer.transfer_bill_no,
      create_time: rfc3339(transfer.created_at),
      state: transfer.state,
      ...(transfer.state === 'WAIT_USER_CONFIRM' && { package_info: transfer.package_info }),
      ...this.#reason(transfer),
    }
  }

  reply(transfer: Transfer, mchid: string): Record<string, unknown> {
    return {
      mch_id: mchid,
      out_bill_no: transfer.out_bill_no,
      transfer_bill_no: transfer.transfer_bill_no,
      appid: transfer.appid,
      state: transfer.state,
      transfer_amount: transfer.amount,
      transfer_remark: transfer.remark,
      ...this.#reason(transfer),
      openid: transfer.openid,
      create_time: rfc3339(transfer.created_at),
      update_time: rfc3339(transfer.updated_at),
    }
  }

  #reason(transfer: Transfer): Record<string, unknown> {
    const ended = transfer.state === 'FAIL' || transfer.state === 'CANCELLED'
    return ended && transfer.fail_reason !== null ? { fail_reason: transfer.fail_reason } : {}
  }

  #check(asked: AskedTransfer, userName: string | null): void {
    if (this.#people.appOf(asked.openid) !== asked.appid) {
      throw parameterError({ field: '/openid', issue: '与appid不匹配，无效的openid', value: asked.openid })
    }
    const given = asked.transfer_scene_report_infos.map((each) => each.info_type)
    const missing = (SCENE_REPORTS[asked.transfer_scene_id] ?? []).find((type) => !given.includes(type))
    if (missing !== undefined) {
      const issue = `未传入完整且对应的转账场景报备信息：${missing}`
      throw parameterError({ field: '/transfer_scene_report_infos', issue })
    }
    const { transfer_most_fen: most, transfer_name_from_fen: nameFrom } = this.#settings.get()
    if (asked.transfer_amount > most) throw invalidRequest(`单笔转账金额超过限额 ${most} 分`)
    if (asked.transfer_amount >= nameFrom && userName === null) {
      throw parameterError({ field: '/user_name', issue: '转账金额达到2000元，收款用户姓名必填' })
    }
    if (asked.transfer_amount > this.#accounts.available(this.#accounts.mchid)) {
      throw new PayRefusal(403, 'NOT_ENOUGH', '商户运营账户资金不足', NUMERIC.UNPUBLISHED)
    }
  }

  #insert(asked: AskedTransfer, userName: string | null, print: string): void {
    const now = this.#clock.now()
    this.#db.run(
      `INSERT INTO transfers (out_bill_no, transfer_bill_no, appid, openid, person_id, amount, remark, user_name, scene_id,
       perception, notify_url, package_info, fingerprint, state, outcome, created_at, updated_at, due_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'WAIT_USER_CONFIRM', 'SUCCESS', ?, ?, ?)`,
      ...[asked.out_bill_no, `133${digits(25)}`, asked.appid, asked.openid, this.#people.find(asked.openid)!.id],
      ...[asked.transfer_amount, asked.transfer_remark, userName, asked.transfer_scene_id],
      ...[asked.user_recv_perception ?? '', asked.notify_url ?? '', `ABBQO${randomBytes(60).toString('base64url')}`],
      ...[print, now, now, now + this.#settings.get().transfer_confirm_ms],
    )
  }

  #move(transfer: Transfer, state: TransferState, to: { dueAt: number | null; reason?: string }): void {
    this.#db.run(
      `UPDATE transfers SET state = ?, updated_at = ?, due_at = ?, fail_reason = coalesce(?, fail_reason)
       WHERE out_bill_no = ? AND state = ?`,
      ...[state, this.#clock.now(), to.dueAt, to.reason ?? null, transfer.out_bill_no, transfer.state],
    )
  }

  #book(transfer: Transfer): void {
    this.#accounts.book(this.#accounts.mchid, {
      business_id: transfer.transfer_bill_no,
      kind: '商家转账',
      amount: -transfer.amount,
      voucher_no: transfer.out_bill_no,
    })
  }
}
