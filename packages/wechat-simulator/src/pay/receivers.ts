import type { Database } from '../database.ts'
import type { People } from '../people.ts'
import type { Accounts } from './accounts.ts'
import { invalidRequest, parameterError } from './refusal.ts'

export type ReceiverType = 'MERCHANT_ID' | 'PERSONAL_OPENID' | 'PERSONAL_SUB_OPENID'

export interface Receiver {
  type: ReceiverType
  account: string
  /** Decrypted. */
  name: string | null
  relation: string
  custom_relation: string | null
}

/** Who may be split to, for each payer. Names are checked against the account's real one. */
export class Receivers {
  readonly #db: Database
  readonly #accounts: Accounts
  readonly #people: People

  constructor(db: Database, accounts: Accounts, people: People) {
    this.#db = db
    this.#accounts = accounts
    this.#people = people
  }

  add(payer: string, receiver: Receiver, appid: string): void {
    this.checkAccount(receiver, appid)
    this.#db.run(
      `INSERT OR REPLACE INTO receivers (payer, type, account, name, relation, custom_relation) VALUES (?, ?, ?, ?, ?, ?)`,
      ...[payer, receiver.type, receiver.account, receiver.name, receiver.relation, receiver.custom_relation],
    )
  }

  delete(payer: string, type: ReceiverType, account: string): void {
    this.#db.run('DELETE FROM receivers WHERE payer = ? AND type = ? AND account = ?', payer, type, account)
  }

  list(payer: string): Receiver[] {
    const sql = 'SELECT type, account, name, relation, custom_relation FROM receivers WHERE payer = ? ORDER BY rowid'
    return this.#db.all<Receiver>(sql, payer)
  }

  has(payer: string, type: ReceiverType, account: string): boolean {
    const sql = 'SELECT 1 AS found FROM receivers WHERE payer = ? AND type = ? AND account = ?'
    return this.#db.one(sql, payer, type, account) !== undefined
  }

  /** @throws PayRefusal when the account does not exist in this app, or bears another name */
  checkAccount(receiver: Pick<Receiver, 'type' | 'account' | 'name'>, appid: string): void {
    if (receiver.type === 'MERCHANT_ID') {
      const name = this.#accounts.nameOf(receiver.account)
      if (name === undefined) throw invalidRequest('分账接收方商户号不存在')
      if (receiver.name !== null && receiver.name !== name) throw invalidRequest('分账接收方全称与商户号不匹配')
      return
    }
    if (this.#people.appOf(receiver.account) !== appid) {
      throw parameterError({ field: '/account', issue: '与appid不匹配，无效的openid', value: receiver.account })
    }
    if (receiver.name !== null && receiver.name !== this.#people.find(receiver.account)?.name) {
      throw invalidRequest('分账接收方姓名与微信实名不匹配')
    }
  }
}
