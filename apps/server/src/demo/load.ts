import { randomInt } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fen, type Product, type Warehouse } from '@zhanggui/contract'
import type { Client } from '@zhanggui/contract/client'
import type { App } from '../app.ts'
import { addAccounts } from './accounts.ts'
import { addReturnAddress } from './aftersale.ts'
import { inProcessClient } from './client.ts'
import { addTags, contentOf } from './content.ts'
import { addDelivery, addRoutingRules } from './delivery.ts'
import { DEMO_PRODUCTS, type DemoProduct } from './goods.ts'
import { tellMonth, tellWhatWaits } from './month.ts'
import { setUpNotices } from './notices.ts'
import { addPages } from './pages.ts'
import { addPartners } from './partners.ts'
import { goBack, type Past, present } from './past.ts'
import { drawPicture } from './pictures.ts'
import { addPrices } from './prices.ts'
import { addReconciliation } from './reconciliation.ts'
import { addContact } from './storefront.ts'
import { placeDemoOrders } from './story.ts'
import { together } from './together.ts'
import { placeFrontWarehouse } from './warehouses.ts'

const SLUG = 'demo'
const PICTURES = 3
/** Products that are added side by side: while one waits for the books, another one's pictures are drawn. */
const AT_ONCE = 3
const MONTH_DAYS = 28
const LOCK_KEY = 7_091_130_004

interface Account {
  account: string
  name: string
  password: string
}

/** What this installation's demo is: made up once, and kept until it is loaded to the end. */
interface DemoNote {
  owner: Account
  treasurer: Account
  platform: Account
  /** Mornings of the past month that were told, and whether it has caught up with the present. */
  told: number
  isPresent: boolean
  done: boolean
}

/**
 * Loads the demo shop into a database that has no shop yet: through the program's own HTTP interface, as its owner
 * would. Who may sign in is written down before anything else, and every step can be taken again, so a load that was
 * killed goes on at the next start. Answers whether there was anything to do.
 */
export async function loadDemo(app: App): Promise<boolean> {
  return alone(app, async (note) => {
    const { isPresent, owner, treasurer, platform } = note
    const shopId = isPresent ? await shopOf(app) : await setUp(app, note)
    const staff = await signInOwner(app, note)
    const keepers = { owner, treasurer, platform }
    if (isPresent) await tellWhatWaits({ app, shopId, past: present(), keepers })
    await placeDemoOrders(app, staff, shopId, await addAccounts(staff, shopId))
    await addPrices(staff, shopId, app.engines.clock.millis())
    await addReconciliation(app, shopId)
    await writeNote(app, { ...note, told: 0, isPresent: true, done: true })
  })
}

/**
 * The first half, where time can be moved: the shop opens a month ago and lives until today. Before anything runs by
 * the clock; `begin` has the process hear what WeChat tells it, and handle its events. Answers whether it was begun.
 */
export async function loadDemoPast(app: App, begin: () => Promise<unknown>): Promise<boolean> {
  let past: Past | undefined
  await alone(app, async (note) => {
    if (note.isPresent) return
    past = await goBack(app, MONTH_DAYS)
    if (past === undefined) return
    await begin()
    const shopId = await setUp(app, note)
    const { owner, treasurer, platform, told } = note
    const save = (mornings: number) => writeNote(app, { ...note, told: mornings })
    await tellMonth({ app, shopId, past, keepers: { owner, treasurer, platform }, told, save })
    await writeNote(app, { ...note, told: 0, isPresent: true })
  })
  return past !== undefined
}

/** One process at a time, and only while the demo is not loaded. Answers whether it was not. */
async function alone(app: App, work: (note: DemoNote) => Promise<void>): Promise<boolean> {
  const lock = await app.db.connect()
  try {
    await lock.query('select pg_advisory_lock($1)', [LOCK_KEY])
    const note = await readNote(app)
    if (note === undefined || note.done) return false
    await work(note)
    return true
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [LOCK_KEY]).catch(() => {})
    lock.release()
  }
}

/** The owner, signed in; who nobody could ask to prove it. */
async function signInOwner(app: App, { owner }: DemoNote): Promise<Client> {
  const client = inProcessClient(app.http)
  await client('auth.staffSignIn', { body: { account: owner.account, password: owner.password } })
  await app.db.tx('system', (tx) => app.identity.proveOwnSetUp(tx, owner.account))
  return client
}

const shopOf = async (app: App): Promise<string> =>
  (await app.db.read('system', (tx) => app.parties.findShop(tx, SLUG)))!.id

/** The shop with everything that it sells and how, but for its orders. Answers its id. */
async function setUp(app: App, note: DemoNote): Promise<string> {
  await app.ensurePlatformStaff(note.platform)
  const shop = await app.db.read('system', (tx) => app.parties.findShop(tx, SLUG))
  const notice = '满 99 元包邮，新疆、西藏除外；坏果包赔，七天无理由退货'
  const shopId = shop?.id ?? (await app.openShop({ name: '巷口生活铺', slug: SLUG, notice, owner: note.owner }))
  const client = await signInOwner(app, note)
  await addFreight(client, shopId)
  await placeFrontWarehouse(client, shopId)
  await addContact(client, shopId)
  await addDelivery(client, shopId)
  await addRoutingRules(client, shopId)
  await addReturnAddress(client, shopId)
  const categories = await addCategories(client, shopId)
  await addProducts(client, shopId, categories)
  await addPages(client, shopId, categories)
  await setUpNotices(app, client, shopId)
  await addPartners(client, shopId, app.config.WECHAT_SIMULATOR_URL, {
    appid: app.config.WECHAT_MINI_APPID ?? '',
    now: app.engines.clock.millis(),
  })
  return shopId
}

/** Undefined when there are shops already that are not the demo's. */
async function readNote(app: App): Promise<DemoNote | undefined> {
  const text = await readFile(noteFile(app), 'utf8').catch(() => undefined)
  if (text !== undefined) return JSON.parse(text) as DemoNote
  if (await app.db.read('system', (tx) => app.parties.defaultShop(tx))) return undefined
  const note = {
    owner: { account: 'owner', name: '林掌柜', password: password() },
    treasurer: { account: 'finance', name: '周会计', password: password() },
    platform: { account: 'platform', name: '平台管理员', password: password() },
    told: 0,
    isPresent: false,
    done: false,
  }
  await writeNote(app, note)
  const url = `${app.config.publicUrl}/console`
  await writePrivate(path.join(app.config.DATA_DIR, 'demo-sign-ins.json'), [
    { label: '店主 owner', url, user: note.owner.account, password: note.owner.password },
    { label: '平台 platform', url, user: note.platform.account, password: note.platform.password },
    { label: '财务 finance', url, user: note.treasurer.account, password: note.treasurer.password },
  ])
  return note
}

const noteFile = (app: App): string => path.join(app.config.DATA_DIR, 'demo.json')

const writeNote = (app: App, note: DemoNote): Promise<void> => writePrivate(noteFile(app), note)

const writePrivate = (file: string, content: unknown): Promise<void> =>
  writeFile(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })

/** Letters and digits that are not mistaken for one another. */
function password(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  return Array.from({ length: 12 }, (_, i) => (i % 5 === 4 ? '-' : letters[randomInt(letters.length)])).join('')
}

async function addCategories(client: Client, shopId: string): Promise<Map<string, string>> {
  const { items } = await client('console.categories', { params: { shopId } })
  const ids = new Map(items.map((category) => [`${category.parentId}/${category.name}`, category.id]))
  const byPath = new Map<string, string>()
  for (const { category } of DEMO_PRODUCTS) {
    let parentId: string | null = null
    for (const name of category) {
      const key: string = `${parentId}/${name}`
      if (!ids.has(key)) {
        const body = { parentId, name, position: ids.size }
        const added: { id: string } = await client('console.createCategory', { params: { shopId }, body })
        ids.set(key, added.id)
      }
      parentId = ids.get(key)!
    }
    byPath.set(category.join('/'), parentId!)
  }
  return byPath
}

async function addProducts(client: Client, shopId: string, categories: Map<string, string>): Promise<void> {
  const { items: warehouses } = await client('console.warehouses', { params: { shopId } })
  const tags = await addTags(client, shopId)
  const existing = new Map<string, string>()
  for (let cursor: string | undefined, more = true; more; ) {
    const page = await client('console.products', {
      params: { shopId },
      query: { limit: 100, ...(cursor ? { cursor } : {}) },
    })
    for (const product of page.items) existing.set(product.title, product.id)
    cursor = page.nextCursor ?? undefined
    more = cursor !== undefined
  }
  const add = async (product: DemoProduct, index: number): Promise<void> => {
    const params = { shopId, productId: existing.get(product.title) ?? '' }
    const made =
      params.productId === ''
        ? await client('console.createProduct', {
            params: { shopId },
            body: toInput(product, index, categories, await addPictures(client, shopId, product), tags),
          })
        : await client('console.product', { params })
    await receive(client, shopId, warehouses, product, made)
    if (made.state !== 'on-sale')
      await client('console.publishProducts', { params: { shopId }, body: { productIds: [made.id], onSale: true } })
  }
  for (let from = 0; from < DEMO_PRODUCTS.length; from += AT_ONCE)
    await together(DEMO_PRODUCTS.slice(from, from + AT_ONCE).map((product, turn) => add(product, from + turn)))
}

async function addPictures(client: Client, shopId: string, product: DemoProduct): Promise<string[]> {
  const upload = async (turn: number): Promise<string> => {
    const bytes = new Uint8Array(await drawPicture(product.shape, product.palette, turn))
    const file = new Blob([bytes], { type: 'image/jpeg' })
    const picture = await client('console.uploadFile', {
      params: { shopId },
      file,
      fileName: `${product.shape}-${turn}.jpg`,
    })
    return picture.fileId
  }
  return together(Array.from({ length: PICTURES }, (_, turn) => upload(turn)))
}

function toInput(
  product: DemoProduct,
  index: number,
  categories: Map<string, string>,
  pictureFileIds: string[],
  tags: ReadonlyMap<string, string>,
) {
  const code = `D${String(index + 1).padStart(3, '0')}`
  return {
    title: product.title,
    subtitle: product.subtitle,
    categoryId: categories.get(product.category.join('/'))!,
    brand: product.brand,
    tags: [...product.tags],
    attributes: Object.entries(product.attributes).map(([name, value]) => ({ name, value })),
    options: [{ name: product.option, values: product.skus.map(([value]) => value) }],
    pictureFileIds,
    detail: product.detail,
    ...contentOf(product, index, pictureFileIds, tags),
    skus: product.skus.map(([value, priceFen, listPriceFen], place) => ({
      code: `${code}-${place + 1}`,
      optionValues: [value],
      priceFen: fen(priceFen),
      listPriceFen: listPriceFen === null ? null : fen(listPriceFen),
      costFen: fen(Math.round(priceFen / 200) * 100),
      weightGrams: product.weightGrams,
    })),
  }
}

/** What the shop's notice promises. */
async function addFreight(client: Client, shopId: string): Promise<void> {
  const name = '满 99 元包邮'
  const { items } = await client('console.freightTemplates', { params: { shopId } })
  if (items.some((template) => template.name === name)) return
  const byWeight = { deliverable: true, firstUnits: 1000, moreUnits: 1000 }
  const rules = [
    { ...byWeight, provinces: [], firstFen: fen(800), moreFen: fen(300), freeFromFen: fen(9900) },
    {
      ...byWeight,
      provinces: ['新疆维吾尔自治区', '西藏自治区'],
      firstFen: fen(1800),
      moreFen: fen(1200),
      freeFromFen: null,
    },
  ]
  await client('console.createFreightTemplate', {
    params: { shopId },
    body: { name, isDefault: true, basis: 'weight', rules },
  })
}

/** 70 % to the central warehouse, 30 % to the front one, as SUP-01's default says; once, whatever happens. */
async function receive(
  client: Client,
  shopId: string,
  warehouses: Warehouse[],
  product: DemoProduct,
  made: Product,
): Promise<void> {
  for (const kind of ['central', 'front'] as const) {
    const lines = made.skus.flatMap((sku) => {
      const quantity = product.skus.find(([value]) => value === sku.optionValues[0])?.[3] ?? 0
      const toFront = Math.floor(quantity * 0.3)
      const here = kind === 'front' ? toFront : quantity - toFront
      return here > 0 ? [{ skuId: sku.id, quantity: here }] : []
    })
    const warehouseId = warehouses.find((warehouse) => warehouse.kind === kind)!.id
    await client('console.adjustStock', {
      params: { shopId },
      idempotencyKey: `demo-${kind}-${made.id}`,
      body: { warehouseId, reason: 'purchase', note: '开业备货', lines },
    })
  }
}
