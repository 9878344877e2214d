import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import vm from 'node:vm'
import type { Phone } from './phone.ts'
import { Screen } from './screen.ts'
import { Templates } from './tree.ts'
import { type Call, createWx, type Entry, WxFailure } from './wx.ts'

interface AppJson {
  pages: string[]
  subpackages?: { root: string; pages: string[] }[]
  tabBar: { list: { pagePath: string }[] }
  requiredPrivateInfos?: string[]
}

export interface Lifecycle {
  onLaunch?(options: Entry): void
  onShow?(options?: Entry): void
  onHide?(): void
  onPageNotFound?(options: { path: string; query: object; isEntryPage: boolean }): void
}

/** WeChat keeps this many pages upon one another. */
const DEEPEST = 10
/** Timers up to this long are part of what a tap sets off; longer ones are waiting. */
const SOON_MS = 120
const QUIET_ROUNDS = 3

/** A built mini program, running: pages upon one another, as WeChat keeps them. */
export class Program {
  readonly calls: Call[] = []
  /** What went wrong inside, by itself: a test that ends with one has failed. */
  readonly errors: string[] = []
  readonly phone: Phone
  readonly templates: Templates
  readonly #dist: string
  readonly #app: AppJson
  readonly #modules = new Map<string, { exports: object }>()
  readonly #sandbox: Record<string, unknown>
  readonly #stack: Screen[] = []
  /** Tab pages stay alive when another tab is in sight. */
  readonly #tabs = new Map<string, Screen>()
  readonly #soon = new Set<unknown>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  #work = 0
  #lifecycle: Lifecycle = {}
  /** By route: WeChat registers a page once and makes every instance from it. */
  readonly #definitions = new Map<string, object>()
  #defined: object = {}
  #entry: Entry = { path: '', query: {}, scene: 1001 }

  constructor(dist: string, phone: Phone) {
    this.#dist = dist
    this.phone = phone
    this.templates = new Templates(dist)
    this.#app = JSON.parse(fs.readFileSync(path.join(dist, 'app.json'), 'utf8')) as AppJson
    this.#sandbox = this.#createSandbox()
    vm.createContext(this.#sandbox)
    this.#load(path.join(dist, 'app.js'))
  }

  get pages(): string[] {
    return [
      ...this.#app.pages,
      ...(this.#app.subpackages ?? []).flatMap(({ root, pages }) => pages.map((page) => `${root}/${page}`)),
    ]
  }
  get tabs(): string[] {
    return this.#app.tabBar.list.map(({ pagePath }) => pagePath)
  }
  /** The page in sight. */
  get screen(): Screen {
    const top = this.#stack.at(-1)
    if (!top) throw new Error('No page is open')
    return top
  }
  get depth(): number {
    return this.#stack.length
  }
  callsOf(name: string): Call['options'][] {
    return this.calls.filter((call) => call.name === name).map(({ options }) => options)
  }

  /** Enters the program as from a chat, a code or the list of programs. */
  async launch(url: string, scene = 1001): Promise<Screen> {
    const { route, query } = split(url)
    this.#entry = { path: route, query, scene }
    this.#lifecycle.onLaunch?.(this.#entry)
    this.#lifecycle.onShow?.(this.#entry)
    if (!this.pages.includes(route)) {
      this.#lifecycle.onPageNotFound?.({ path: route, query, isEntryPage: true })
      return this.idle()
    }
    await this.#push(route, query)
    return this.idle()
  }

  /** The buyer taps a tab of WeChat's own bar. */
  async tab(page: string): Promise<Screen> {
    await this.#switchTab(page)
    return this.idle()
  }

  async back(): Promise<Screen> {
    await this.#back(1)
    return this.idle()
  }

  /** Waits until nothing is under way any more: no answer, no render, no short timer. */
  async idle(): Promise<Screen> {
    for (let quiet = 0; quiet < QUIET_ROUNDS; ) {
      await delay(4)
      quiet = this.#work === 0 && this.#soon.size === 0 ? quiet + 1 : 0
    }
    return this.screen
  }

  /** Waits for something that the program asks about again and again. */
  async until(isTrue: () => boolean, what: string, timeoutMs = 15_000): Promise<Screen> {
    const end = Date.now() + timeoutMs
    while (!isTrue()) {
      if (Date.now() > end) throw new Error(`${what} did not come; in sight:\n${this.screen.text}`)
      await delay(20)
    }
    return this.idle()
  }

  /** Asks again and again until the answer is what is waited for. */
  async waitFor<T>(ask: () => Promise<T>, isIt: (answer: T) => boolean, timeoutMs = 15_000): Promise<T> {
    const end = Date.now() + timeoutMs
    for (;;) {
      const answer = await ask()
      if (isIt(answer)) return answer
      if (Date.now() > end) throw new Error(`Waited in vain; the last answer: ${JSON.stringify(answer)}`)
      await delay(50)
    }
  }

  hide(): void {
    this.#lifecycle.onHide?.()
    for (const work of this.phone.onHide) work()
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  readonly track = async <T>(work: Promise<T>): Promise<T | undefined> => {
    this.#work++
    try {
      return await work
    } catch (error) {
      this.errors.push(String((error as Error).stack ?? error))
      return undefined
    } finally {
      this.#work--
    }
  }

  #createSandbox(): Record<string, unknown> {
    const complain = (...parts: unknown[]) => void this.errors.push(parts.map(String).join(' '))
    const sandbox: Record<string, unknown> = {
      console: { ...console, error: complain, warn: complain },
      setTimeout: (work: () => void, ms = 0) => this.#timer(work, ms),
      clearTimeout: (timer: never) => this.#clear(timer),
      setInterval: (work: () => void, ms: number) => {
        const timer = setInterval(work, ms)
        this.#timers.add(timer)
        return timer
      },
      clearInterval: (timer: never) => this.#clear(timer),
      App: (config: Lifecycle) => {
        this.#lifecycle = config
      },
      Page: (config: object) => {
        this.#defined = config
      },
      Component: (config: { methods?: object }) => {
        this.#defined = { ...config, ...config.methods }
      },
      Behavior: (behavior: object) => behavior,
      getApp: () => this.#lifecycle,
      getCurrentPages: () => this.#stack.map(({ self }) => self),
      __wxConfig: {},
    }
    sandbox.wx = createWx({
      phone: this.phone,
      calls: this.calls,
      entry: () => this.#entry,
      track: this.track as <T>(work: Promise<T>) => Promise<T>,
      router: {
        open: (kind, url) => this.#open(kind, url),
        back: (delta) => this.#back(delta),
        isTabShown: () => this.tabs.includes(this.screen.route),
        nodeExists: (id) => this.#stack.some((screen) => screen.nodeWithId(id) !== undefined),
        askPrivacy: (name) => this.askPrivacy(name),
        stopPullDown: () => {
          this.screen.isPulled = false
        },
      },
    })
    sandbox.globalThis = sandbox
    sandbox.global = sandbox
    return sandbox
  }

  #timer(work: () => void, ms: number): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      this.#soon.delete(timer)
      this.#timers.delete(timer)
      try {
        work()
      } catch (error) {
        this.errors.push(String((error as Error).stack ?? error))
      }
    }, ms)
    this.#timers.add(timer)
    if (ms <= SOON_MS) this.#soon.add(timer)
    return timer
  }

  #clear(timer: ReturnType<typeof setTimeout>): void {
    clearTimeout(timer)
    this.#soon.delete(timer)
    this.#timers.delete(timer)
  }

  #load(file: string): object {
    const name = file.endsWith('.js') ? file : `${file}.js`
    const known = this.#modules.get(name)
    if (known) return known.exports
    const module = { exports: {} }
    this.#modules.set(name, module)
    const code = `(function(require,module,exports){${fs.readFileSync(name, 'utf8')}\n})`
    const wrapped = vm.runInContext(code, this.#sandbox as vm.Context, { filename: name }) as (
      ...given: unknown[]
    ) => void
    wrapped((request: string) => this.#load(path.resolve(path.dirname(name), request)), module, module.exports)
    return module.exports
  }

  async #open(kind: 'navigateTo' | 'redirectTo' | 'switchTab' | 'reLaunch', url: string): Promise<void> {
    const { route, query } = split(url)
    if (!url.startsWith('/')) throw new WxFailure(`the path "${url}" is relative`)
    if (!this.pages.includes(route)) throw new WxFailure(`page "${route}" is not found`)
    const isTab = this.tabs.includes(route)
    if (kind === 'switchTab') {
      if (!isTab) throw new WxFailure('can not switch to no-tabBar page')
      if (Object.keys(query).length > 0) throw new WxFailure(`can not switch to a page with a query: ${url}`)
      return this.#switchTab(route)
    }
    if (isTab && kind !== 'reLaunch') throw new WxFailure(`can not ${kind} a tabbar page`)
    if (kind === 'navigateTo') {
      if (this.#stack.length >= DEEPEST) throw new WxFailure('webview count limit exceed')
      this.screen.hide()
    } else if (kind === 'redirectTo') this.#stack.pop()?.unload()
    else this.#unloadAll()
    await this.#push(route, query)
  }

  async #switchTab(route: string): Promise<void> {
    const [bottom] = this.#stack
    if (bottom?.route === route && this.#stack.length === 1) return
    for (const screen of this.#stack.splice(0).reverse()) {
      if (this.#tabs.get(screen.route) === screen) screen.hide()
      else screen.unload()
    }
    const alive = this.#tabs.get(route)
    if (!alive) return this.#push(route, {})
    this.#stack.push(alive)
    alive.show()
  }

  async #back(delta: number): Promise<void> {
    const steps = Math.min(delta, this.#stack.length - 1)
    for (let step = 0; step < steps; step++) this.#stack.pop()?.unload()
    if (steps > 0) this.screen.show()
  }

  #unloadAll(): void {
    for (const screen of this.#stack.splice(0)) screen.unload()
    for (const screen of this.#tabs.values()) screen.unload()
    this.#tabs.clear()
  }

  async #push(route: string, query: Record<string, string>): Promise<void> {
    let definition = this.#definitions.get(route)
    if (!definition) {
      this.#load(path.join(this.#dist, route))
      definition = this.#defined
      this.#definitions.set(route, definition)
    }
    const config = JSON.parse(fs.readFileSync(path.join(this.#dist, `${route}.json`), 'utf8')) as object
    const screen = new Screen(this, route, query, definition, config)
    this.#stack.push(screen)
    if (this.tabs.includes(route)) this.#tabs.set(route, screen)
    screen.load()
  }

  /** What WeChat does before it hands over personal data that the privacy guideline names. */
  async askPrivacy(api: string): Promise<void> {
    if (api === 'chooseAddress' && !this.#app.requiredPrivateInfos?.includes(api))
      throw new WxFailure('the api need to be declared in the requiredPrivateInfos field in app.json')
    if (this.phone.hasAgreed) return
    const listener = this.phone.privacyListener
    if (!listener) throw new WxFailure('privacy permission is not authorized')
    // while the person reads, nothing of the program is under way
    this.#work--
    const answer = await new Promise<{ event: string; buttonId?: string }>((done) =>
      listener((given) => given.event !== 'exposureAuthorization' && done(given), { referrer: api }),
    ).finally(() => this.#work++)
    const isTapped = answer.buttonId !== undefined && this.screen.wasAgreed(answer.buttonId)
    if (answer.event !== 'agree' || !isTapped) throw new WxFailure('privacy permission is not authorized')
    this.phone.hasAgreed = true
  }
}

function split(url: string): { route: string; query: Record<string, string> } {
  const [route = '', query = ''] = url.replace(/^\//, '').split('?')
  // WeChat gives the parameters as they stand in the address
  const pairs = query.split('&').filter(Boolean)
  return { route, query: Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string])) }
}
