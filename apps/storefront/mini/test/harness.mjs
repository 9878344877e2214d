// Runs a built mini program in node:vm with a stand-in for `wx`: pages render into setData trees, taps go back in.
import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'

const SETTLE_MS = 120
const settled = () => new Promise((done) => setTimeout(done, SETTLE_MS))

/** Writes `root.cn.[0].v`-like paths the way WeChat applies setData. */
function assign(target, dotted, value) {
  const keys = dotted.replace(/\.?\[(\d+)\]/g, '.$1').split('.')
  let at = target
  for (const key of keys.slice(0, -1)) at = at[key] ??= {}
  at[keys.at(-1)] = value
}

function walk(node, visit) {
  if (!node || typeof node !== 'object') return
  visit(node)
  for (const child of Object.values(node.cn ?? {})) walk(child, visit)
}

/** Everything of WeChat that the program calls; `calls` keeps what happened. */
function fakeWx(answer, calls) {
  const storage = new Map()
  const succeed =
    (name) =>
    (options = {}) => {
      calls.push({ name, ...options })
      options.success?.({})
      options.complete?.({})
    }
  const info = { windowWidth: 375, windowHeight: 667, pixelRatio: 2, platform: 'devtools', SDKVersion: '3.7.0' }
  const names = [
    'navigateTo',
    'reLaunch',
    'redirectTo',
    'switchTab',
    'showToast',
    'setNavigationBarTitle',
    'showShareMenu',
    'stopPullDownRefresh',
  ]
  return {
    ...Object.fromEntries(names.map((name) => [name, succeed(name)])),
    canIUse: () => false,
    getSystemInfoSync: () => info,
    getWindowInfo: () => info,
    getAccountInfoSync: () => ({ miniProgram: { appId: 'test' } }),
    getMenuButtonBoundingClientRect: () => ({}),
    nextTick: (work) => setTimeout(work, 0),
    getStorageSync: (key) => storage.get(key) ?? '',
    setStorageSync: (key, value) => storage.set(key, value),
    removeStorageSync: (key) => storage.delete(key),
    onAppHide: () => undefined,
    request(options) {
      calls.push({
        name: 'request',
        url: options.url,
        method: options.method,
        header: options.header,
        data: options.data,
      })
      setTimeout(() => {
        const { status, json } = answer(
          options.method ?? 'GET',
          new URL(options.url),
          options.data && JSON.parse(options.data),
        )
        const result = { statusCode: status, data: json, header: { Date: new Date().toUTCString() } }
        options.success?.(result)
        options.complete?.(result)
      }, 2)
      return { abort: () => undefined }
    },
  }
}

/** Starts the program in `dist`; `answer(method, url, body)` is the server. */
export function launch(dist, answer) {
  const calls = []
  const stack = []
  const modules = new Map()
  let program
  let defined
  const sandbox = {
    wx: fakeWx(answer, calls),
    console,
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    App: (config) => {
      program = config
    },
    Page: (config) => {
      defined = config
    },
    Component: (config) => {
      defined = { ...config, ...config.methods }
    },
    Behavior: (behavior) => behavior,
    getApp: () => program,
    getCurrentPages: () => stack,
    __wxConfig: {},
  }
  sandbox.globalThis = sandbox
  sandbox.global = sandbox
  vm.createContext(sandbox)
  const load = (file) => {
    const name = file.endsWith('.js') ? file : `${file}.js`
    if (modules.has(name)) return modules.get(name).exports
    const module = { exports: {} }
    modules.set(name, module)
    const wrapped = vm.runInContext(`(function(require,module,exports){${fs.readFileSync(name, 'utf8')}\n})`, sandbox, {
      filename: name,
    })
    wrapped((request) => load(path.resolve(path.dirname(name), request)), module, module.exports)
    return module.exports
  }
  load(path.join(dist, 'app.js'))
  program.onLaunch?.({ path: '', query: {} })
  program.onShow?.({})
  return {
    calls,
    async open(url) {
      const [route, query = ''] = url.replace(/^\//, '').split('?')
      // WeChat gives the parameters as they stand in the address
      const options = Object.fromEntries(
        query
          .split('&')
          .filter(Boolean)
          .map((pair) => pair.split('=')),
      )
      load(path.join(dist, route))
      const page = instance(defined, route, options)
      stack.push(page.self)
      page.self.onLoad?.(options)
      page.self.onShow?.()
      page.self.onReady?.()
      await settled()
      return page
    },
  }
}

function instance(config, route, options) {
  const sizes = []
  const self = {
    ...config,
    route,
    __route__: route,
    options,
    data: structuredClone(config.data ?? {}),
    setData(change, done) {
      sizes.push(Buffer.byteLength(JSON.stringify(change)))
      for (const [key, value] of Object.entries(change)) assign(this.data, key, value)
      if (done) setTimeout(done, 0)
    },
    selectComponent: () => null,
    createSelectorQuery: () => ({}),
  }
  const nodes = (matches) => {
    const found = []
    walk(self.data.root, (node) => matches(node) && found.push(node))
    return found
  }
  return {
    self,
    /** Bytes of each setData so far. */
    sizes,
    text: () =>
      nodes((node) => node.v !== undefined)
        .map((node) => node.v)
        .join('|'),
    byClass: (name) => nodes((node) => typeof node.cl === 'string' && node.cl.split(' ').includes(name)),
    textOf(node) {
      const texts = []
      walk(node, (one) => one.v !== undefined && texts.push(one.v))
      return texts.join('')
    },
    async tap(node) {
      const target = { id: node.uid ?? node.sid, dataset: { sid: node.sid } }
      self.eh({ type: 'tap', target, currentTarget: target, detail: {}, timeStamp: Date.now() })
      await settled()
    },
    async reachBottom() {
      self.onReachBottom?.()
      await settled()
    },
  }
}
