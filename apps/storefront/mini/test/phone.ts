import { WxFailure } from './wx.ts'

export interface WxRequest {
  url?: string
  method?: string
  header?: Record<string, string>
  data?: unknown
  timeout?: number
}

export interface PhoneOptions {
  /** The simulator's control address, and whom this phone belongs to. */
  simulatorUrl: string
  person: string
  /** Domains of the program as they are set in WeChat's back office, each with where it really answers. */
  domains: Record<string, string>
}

interface Message {
  title: string
  page: string | null
  fields: { name: string; value: string }[]
}

type Resolve = (answer: { event: string; buttonId?: string }) => void

/** The person with the phone: what they answer to WeChat's windows, and what they saw. */
export class Phone {
  readonly appid = 'test'
  readonly toasts: string[] = []
  readonly modals: string[] = []
  readonly onHide: (() => void)[] = []
  title = ''
  clipboard = ''
  /** Answers to windows. */
  confirms = true
  payment: 'confirm' | 'refuse' | 'broken' = 'confirm'
  subscription: 'accept' | 'reject' = 'accept'
  address: Record<string, string> | undefined
  hasAgreed = false
  isOffline = false
  privacyListener: ((resolve: Resolve, info: { referrer: string }) => void) | undefined
  onUpdateReady: (() => void) | undefined
  /** Templates that WeChat asked the person about. */
  readonly asked: string[][] = []
  readonly #options: PhoneOptions
  #hasGesture = false

  constructor(options: PhoneOptions) {
    this.#options = { ...options }
  }

  /** Somebody whom the shop has never seen. */
  async becomeNew(): Promise<void> {
    const digits = String(Math.floor(Math.random() * 1e8)).padStart(8, '0')
    const { id } = await this.#control<{ id: string }>('people', {
      name: `新客${digits.slice(0, 4)}`,
      phone: `139${digits}`,
    })
    this.#options.person = id
  }

  /** A finger, or a payment that came back: WeChat lets a program ask for messages only right after. */
  gesture(): void {
    this.#hasGesture = true
  }

  async fetch({ url = '', method = 'GET', header = {}, data, timeout }: WxRequest): Promise<object> {
    const { origin, pathname, search } = new URL(url)
    const target = this.#options.domains[origin]
    if (target === undefined) throw new Error(`url not in domain list: ${origin}`)
    if (typeof timeout !== 'number') throw new Error('a request without a time limit')
    if (this.isOffline) throw new Error('net::ERR_INTERNET_DISCONNECTED')
    const body = method === 'GET' || data === undefined ? null : String(data)
    const response = await fetch(target + pathname + search, { method, headers: header, body })
    const text = await response.text()
    // the answer is no longer the tap's own doing
    this.#hasGesture = false
    return {
      statusCode: response.status,
      header: Object.fromEntries(response.headers),
      data: parsed(text),
      cookies: [],
    }
  }

  async loginCode(): Promise<string> {
    const { code } = await this.#control<{ code: string }>(`people/${this.#options.person}/login-code`, {})
    return code
  }

  async phoneCode(): Promise<string> {
    const { code } = await this.#control<{ code: string }>(`people/${this.#options.person}/phone-code`, {})
    return code
  }

  /** WeChat's payment window: the signature is checked, then the person decides. */
  async pay(request: Record<string, unknown>): Promise<void> {
    if (this.payment === 'broken') throw new WxFailure('system error')
    const { timeStamp, nonceStr, package: pack, signType, paySign } = request
    // WeChat signs for the program that asks, whatever that says
    const apps = (await (await fetch(`${this.#options.simulatorUrl}/__sim/apps`)).json()) as { mini: { appid: string } }
    const { result } = await this.#control<{ result: string }>('pay', {
      request: { appId: apps.mini.appid, timeStamp, nonceStr, package: pack, signType, paySign },
      person: this.#options.person,
      action: this.payment,
    })
    if (result !== 'ok') throw new WxFailure('cancel')
  }

  async subscribe(templateIds: unknown): Promise<object> {
    if (!Array.isArray(templateIds) || templateIds.length === 0 || templateIds.length > 3)
      throw new WxFailure('tmplIds should be 1 to 3 template ids')
    if (!this.#hasGesture) throw new WxFailure('can only be invoked by user TAP gesture.')
    this.#hasGesture = false
    this.asked.push(templateIds as string[])
    if (this.subscription === 'reject') return Object.fromEntries(templateIds.map((id) => [id, 'reject']))
    return this.#control(`people/${this.#options.person}/subscribe`, { template_ids: templateIds })
  }

  /** What lies in WeChat's list of messages, newest first. */
  readonly messages = async (): Promise<Message[]> => {
    const response = await fetch(
      `${this.#options.simulatorUrl}/__sim/messages?person=${encodeURIComponent(this.#options.person)}`,
    )
    return ((await response.json()) as { messages: Message[] }).messages
  }

  async #control<T extends object>(path: string, body: object): Promise<T> {
    const response = await fetch(`${this.#options.simulatorUrl}/__sim/${encodeURI(path)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as T & { error?: { message: string } }
    if (!response.ok) throw new WxFailure(answer.error?.message ?? `the simulator answered ${response.status}`)
    return answer
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
