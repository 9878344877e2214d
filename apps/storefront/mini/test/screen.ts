import type { Program } from './program.ts'
import { assign, type Node, textOf, walk } from './tree.ts'
import { WxFailure } from './wx.ts'

interface Card {
  title: string
  path: string
  imageUrl?: string
}

interface PageDefinition {
  data?: object
  eh?: (event: object) => void
  onLoad?: (options: object) => void
  onShow?: () => void
  onReady?: () => void
  onHide?: () => void
  onUnload?: () => void
  onReachBottom?: () => void
  onPullDownRefresh?: () => void
  onShareAppMessage?: (options: object) => Card & { promise?: Promise<Card> }
  onShareTimeline?: () => { title: string; query: string; imageUrl?: string }
}

interface PageConfig {
  enablePullDownRefresh?: boolean
  enableShareAppMessage?: boolean
}

type Self = PageDefinition & { route: string; data: { root?: Node } }

/** One page in sight or below: what it shows, and what fingers do to it. */
export class Screen {
  readonly self: Self
  readonly route: string
  /** Bytes of each setData so far. */
  readonly sizes: number[] = []
  isPulled = false
  readonly #program: Program
  /** Its parameters as they stood in the address. */
  readonly options: Record<string, string>
  readonly #config: PageConfig
  readonly #agreed = new Set<string>()
  #isGone = false

  constructor(
    program: Program,
    route: string,
    options: Record<string, string>,
    definition: PageDefinition,
    config: PageConfig,
  ) {
    this.#program = program
    this.options = options
    this.#config = config
    this.route = route
    const setData = (change: Record<string, unknown>, done?: () => void) => this.#setData(change, done)
    this.self = Object.assign(Object.create(null), definition, {
      route,
      __route__: route,
      options,
      data: structuredClone(definition.data ?? {}),
      setData,
      selectComponent: () => null,
    }) as Self
  }

  load(): void {
    this.self.onLoad?.(this.options)
    this.self.onShow?.()
    setTimeout(() => this.self.onReady?.(), 0)
  }
  show(): void {
    this.self.onShow?.()
  }
  hide(): void {
    this.self.onHide?.()
  }
  unload(): void {
    this.#isGone = true
    this.self.onUnload?.()
  }

  #setData(change: Record<string, unknown>, done?: () => void): void {
    if (this.#isGone) return
    // what crosses to the other thread is JSON: a function or a circle in it is an error on the phone too
    const wire = JSON.stringify(change)
    this.sizes.push(Buffer.byteLength(wire))
    for (const [key, value] of Object.entries(JSON.parse(wire) as object)) assign(this.self.data as never, key, value)
    if (done) void this.#program.track(new Promise<void>((end) => setTimeout(() => end(done()), 1)))
  }

  get text(): string {
    const { root } = this.self.data
    return root ? [...walk(root)].flatMap(({ node }) => (node.v === undefined ? [] : [node.v])).join('|') : ''
  }

  /** All nodes of a class, in order. */
  all(className: string): Node[] {
    return this.#nodes((node) => typeof node.cl === 'string' && node.cl.split(/\s+/).includes(className))
  }
  /** The node of a class that shows the words; without words the first of the class. */
  find(className: string, words = ''): Node {
    const found = this.all(className).find((node) => textOf(node).includes(words))
    if (!found) throw new Error(`No .${className} shows “${words}”; in sight:\n${this.text}`)
    return found
  }
  has(className: string, words = ''): boolean {
    return this.all(className).some((node) => textOf(node).includes(words))
  }
  /** A field by its place on the page. */
  field(placeholder: string): Node {
    const found = this.#nodes((node) => this.#program.templates.attribute(node, 'placeholder') === placeholder)[0]
    if (!found) throw new Error(`No field “${placeholder}”; in sight:\n${this.text}`)
    return found
  }
  /** The outermost box of the page. */
  get root(): Node {
    return this.all('zg-root')[0]!
  }
  nodeWithId(id: string): Node | undefined {
    return this.#nodes((node) => (node.uid ?? node.sid) === id)[0]
  }
  picturesOf(node: Node): string[] {
    return [...walk(node)].flatMap(({ node: one }) => {
      const source = this.#program.templates.of(one)?.tag === 'image' && this.#program.templates.attribute(one, 'src')
      return typeof source === 'string' ? [source] : []
    })
  }

  /** Taps: the event goes to the node and to every parent whose template listens, as in WeChat. */
  async tap(node: Node): Promise<Screen> {
    const openType = this.#program.templates.attribute(node, 'open-type')
    if (this.#program.templates.attribute(node, 'disabled') === true) return this.#program.idle()
    this.#program.phone.gesture()
    if (openType === 'agreePrivacyAuthorization') {
      this.#agreed.add(String(node.uid ?? node.sid))
      this.#fire('agreeprivacyauthorization', node, {})
    }
    if (openType === 'getPhoneNumber') void this.#program.track(this.#givePhoneNumber(node))
    this.#fire('tap', node, {})
    return this.#program.idle()
  }
  async type(node: Node, value: string): Promise<Screen> {
    this.#fire('input', node, { value, cursor: value.length })
    return this.#program.idle()
  }
  async confirm(node: Node, value: string): Promise<Screen> {
    this.#fire('confirm', node, { value })
    return this.#program.idle()
  }
  async change(node: Node, value: unknown): Promise<Screen> {
    this.#fire('change', node, { value })
    return this.#program.idle()
  }
  async reachBottom(): Promise<Screen> {
    this.self.onReachBottom?.()
    return this.#program.idle()
  }
  async pullDown(): Promise<Screen> {
    if (!this.#config.enablePullDownRefresh) throw new Error(`${this.route} cannot be pulled down`)
    this.isPulled = true
    this.self.onPullDownRefresh?.()
    return this.#program.idle()
  }
  /** WeChat waits for the better card if there is one to come. */
  async shareToFriend(): Promise<Card> {
    if (!this.self.onShareAppMessage) throw new Error(`${this.route} cannot be shared`)
    const { promise, ...card } = this.self.onShareAppMessage({ from: 'menu' })
    return (await promise) ?? card
  }
  shareToMoments(): { title: string; query: string; imageUrl?: string } {
    if (!this.self.onShareTimeline) throw new Error(`${this.route} cannot be shared to Moments`)
    return this.self.onShareTimeline()
  }
  wasAgreed(buttonId: string): boolean {
    return this.#agreed.has(buttonId)
  }

  async #givePhoneNumber(node: Node): Promise<void> {
    try {
      await this.#program.askPrivacy('getPhoneNumber')
      this.#fire('getphonenumber', node, { code: await this.#program.phone.phoneCode(), errMsg: 'getPhoneNumber:ok' })
    } catch (error) {
      if (!(error instanceof WxFailure)) throw error
      this.#fire('getphonenumber', node, { errMsg: `getPhoneNumber:fail ${error.message}` })
    }
  }

  #nodes(matches: (node: Node) => boolean): Node[] {
    return [...walk(this.self.data.root)].flatMap(({ node }) => (matches(node) ? [node] : []))
  }

  #fire(type: string, node: Node, detail: object): void {
    const found = [...walk(this.self.data.root)].find((one) => one.node.sid === node.sid)
    if (!found) throw new Error(`The node ${node.sid} is not on the page any more`)
    const idOf = (one: Node) => ({ id: one.uid ?? one.sid, dataset: { sid: one.sid } })
    const chain = type === 'tap' ? [found.node, ...found.parents] : [found.node]
    const listening = chain.filter((one) => this.#program.templates.of(one)?.events.has(type))
    if (listening.length === 0) throw new Error(`Nothing listens to ${type} of ${node.cl}`)
    for (const one of listening)
      this.self.eh?.({
        type,
        target: idOf(found.node),
        currentTarget: idOf(one),
        detail,
        timeStamp: Date.now(),
      })
  }
}
