import type { Database } from '../database.ts'
import type { Messages } from '../messages.ts'
import type { People, Person } from '../people.ts'
import type { SettingsStore } from '../settings.ts'
import { OpenRefusal } from './refusal.ts'

export interface Template {
  id: string
  title: string
  /** Keys as WeChat names them (`thing1`, `amount2`) and the words shown beside the value. */
  fields: Array<{ key: string; name: string }>
}

/** Templates a new simulator has, as if picked from the public library in the console. */
const FIRST_TEMPLATES: Template[] = [
  template(
    'sim-order-paid',
    '订单支付成功通知',
    'character_string1:订单号 thing2:商品名称 amount3:支付金额 time4:支付时间',
  ),
  template(
    'sim-order-shipped',
    '订单发货通知',
    'character_string1:订单号 thing2:商品名称 thing3:快递公司 character_string4:快递单号 time5:发货时间',
  ),
  template('sim-order-delivered', '订单签收通知', 'character_string1:订单号 thing2:商品名称 time3:签收时间'),
  template(
    'sim-order-unpaid',
    '待付款提醒',
    'character_string1:订单号 thing2:商品名称 amount3:待付金额 time4:支付截止时间',
  ),
  template(
    'sim-refund-result',
    '退款结果通知',
    'character_string1:订单号 amount2:退款金额 phrase3:退款状态 thing4:备注',
  ),
  template(
    'sim-parcel-news',
    '物流状态提醒',
    'character_string1:订单号 thing2:物流状态 thing3:温馨提示 time4:更新时间',
  ),
  template('sim-pick-up', '取货通知', 'character_string1:订单号 thing2:商品名称 thing3:取货状态 thing4:温馨提示'),
  template('sim-order-news', '订单进度提醒', 'character_string1:订单号 thing2:订单进度 thing3:温馨提示 time4:更新时间'),
  template('sim-aftersale', '售后进度提醒', 'character_string1:订单号 thing2:售后进度 thing3:温馨提示 time4:更新时间'),
  template('sim-review', '评价提醒', 'character_string1:订单号 thing2:商品名称 thing3:温馨提示'),
  template('sim-restock', '到货提醒', 'thing1:商品名称 amount2:价格 thing3:备注'),
  template('sim-group-result', '拼团结果通知', 'thing1:商品名称 phrase2:拼团状态 number3:成团人数 thing4:备注'),
  template('sim-coupon-expiring', '优惠券到期提醒', 'thing1:优惠券 amount2:面额 time3:到期时间 thing4:备注'),
  template('sim-live-start', '直播开播提醒', 'thing1:直播间 thing2:主播 time3:开播时间'),
  template('sim-points-change', '积分变动通知', 'thing1:变动原因 number2:变动积分 number3:当前积分 time4:变动时间'),
]

function template(id: string, title: string, fields: string): Template {
  const parsed = fields.split(' ').map((each) => {
    const [key = '', name = ''] = each.split(':')
    return { key, name }
  })
  return { id, title, fields: parsed }
}

/** What a value may look like, by the kind its key begins with (facts §2.3). */
const VALUE_RULES: Record<string, (value: string) => boolean> = {
  thing: (value) => [...value].length <= 20,
  number: (value) => /^-?\d+(\.\d+)?$/.test(value) && value.length <= 32,
  letter: (value) => /^[A-Za-z]{1,32}$/.test(value),
  symbol: (value) => [...value].length <= 5,
  character_string: (value) => /^[\x20-\x7e]{1,32}$/.test(value),
  time: (value) => /\d{1,2}:\d{2}|\d{4}[年-]/.test(value),
  date: (value) => /\d{4}[年-]\d{1,2}[月-]\d{1,2}/.test(value),
  amount: (value) => /^[¥￥$]?\d{1,10}(\.\d{1,2})?元?$/.test(value),
  phone_number: (value) => /^[\d+-]{1,17}$/.test(value),
  car_number: (value) => [...value].length <= 8,
  name: (value) => (/^[\x20-\x7e]+$/.test(value) ? value.length <= 20 : [...value].length <= 10),
  phrase: (value) => /^\p{Script=Han}{1,5}$/u.test(value),
}

export interface SubscribeSend {
  touser?: unknown
  template_id?: unknown
  page?: unknown
  data?: unknown
}

/** Subscribe messages: templates, grants (one grant is one message) and delivery into the phone. */
export class SubscribeMessages {
  readonly #db: Database
  readonly #settings: SettingsStore
  readonly #people: People
  readonly #messages: Messages

  constructor(db: Database, settings: SettingsStore, people: People, messages: Messages) {
    this.#db = db
    this.#settings = settings
    this.#people = people
    this.#messages = messages
    for (const each of FIRST_TEMPLATES) if (!this.template(each.id)) this.saveTemplate(each)
  }

  templates(): Template[] {
    const rows = this.#db.all<Template & { fields: string }>('SELECT * FROM templates ORDER BY rowid LIMIT 200')
    return rows.map((row) => ({ ...row, fields: JSON.parse(row.fields) }))
  }

  template(id: string): Template | undefined {
    const row = this.#db.one<Template & { fields: string }>('SELECT * FROM templates WHERE id = ?', id)
    return row && { ...row, fields: JSON.parse(row.fields) }
  }

  saveTemplate(input: Template): void {
    const fields = JSON.stringify(input.fields)
    this.#db.run('INSERT OR REPLACE INTO templates (id, title, fields) VALUES (?, ?, ?)', input.id, input.title, fields)
  }

  /** Plays `wx.requestSubscribeMessage`: an accepted template may be sent to once more. */
  grant(person: Person, appid: string, templateIds: string[]): void {
    for (const id of templateIds) {
      this.#db.run(
        `INSERT INTO grants (openid, template_id, remaining) VALUES (?, ?, 1)
         ON CONFLICT (openid, template_id) DO UPDATE SET remaining = remaining + 1`,
        ...[person.openids[appid]!, id],
      )
    }
  }

  /** Delivers, or throws 40003 / 40037 / 47003 / 43101. */
  send(appid: string, input: SubscribeSend): void {
    const openid = typeof input.touser === 'string' ? input.touser : ''
    const person = this.#people.appOf(openid) === appid ? this.#people.find(openid) : undefined
    if (!person) throw new OpenRefusal(40003, 'invalid openid')
    const template = typeof input.template_id === 'string' ? this.template(input.template_id) : undefined
    if (!template) throw new OpenRefusal(40037, 'invalid template_id')
    if (input.page !== undefined && typeof input.page !== 'string') throw new OpenRefusal(41030, 'invalid page')
    const fields = readFields(template, input.data)
    if (this.#settings.get().subscribe_grants === 'required') {
      const used = this.#db.run(
        'UPDATE grants SET remaining = remaining - 1 WHERE openid = ? AND template_id = ? AND remaining > 0',
        ...[openid, template.id],
      )
      if (used !== 1) throw new OpenRefusal(43101, 'user refuse to accept the msg')
    }
    this.#messages.add({
      person_id: person.id,
      kind: 'subscribe',
      sender: this.#settings.get().merchant_name,
      title: template.title,
      fields,
      page: input.page ?? null,
    })
  }
}

function readFields(template: Template, data: unknown): Array<{ name: string; value: string }> {
  const given =
    typeof data === 'object' && data !== null ? (data as Record<string, { value?: unknown } | undefined>) : {}
  return template.fields.map(({ key, name }) => {
    const raw = given[key]?.value
    if (typeof raw !== 'string' && typeof raw !== 'number')
      throw new OpenRefusal(47003, `argument invalid! data.${key}.value is empty`)
    const value = String(raw)
    const rule = VALUE_RULES[key.replace(/\d+$/, '')]
    if (value === '' || (rule && !rule(value)))
      throw new OpenRefusal(47003, `argument invalid! data.${key}.value invalid`)
    return { name, value }
  })
}
