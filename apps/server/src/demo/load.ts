import { randomInt } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fen } from '@zhanggui/contract'
import type { Client } from '@zhanggui/contract/client'
import type { App } from '../app.ts'
import { PLATFORM_SHOP_ID } from '../kernel/ids.ts'
import { inProcessClient, newKey } from './client.ts'
import { DEMO_PRODUCTS, type DemoProduct } from './goods.ts'
import { drawPicture } from './pictures.ts'
import { placeDemoOrders } from './story.ts'

const SLUG = 'demo'
const PICTURES = 3

interface SignIn {
  label: string
  url: string
  user: string
  password: string
}

/**
 * Loads the demo shop into a database that has no shop yet: through the program's own HTTP interface, as its owner
 * would. Writes the sign-ins, made up for this installation, beside the data. Answers whether there was anything to do.
 */
export async function loadDemo(app: App): Promise<boolean> {
  const existing = await app.db.read('system', (tx) => app.parties.defaultShop(tx))
  if (existing) return false
  const owner = { account: 'owner', name: '林掌柜', password: password() }
  const platform = { account: 'platform', name: '平台管理员', password: password() }
  await addPlatformStaff(app, platform)
  const shopId = await app.openShop({
    name: '巷口生活铺',
    slug: SLUG,
    notice: '满 99 元包邮（新疆、西藏除外）· 坏果包赔 · 七天无理由',
    owner,
  })
  const client = inProcessClient(app.http)
  await client('auth.staffSignIn', { body: { account: owner.account, password: owner.password } })
  await addFreight(client, shopId)
  const categories = await addCategories(client, shopId)
  const stock = await addProducts(client, shopId, categories)
  await receive(client, shopId, stock)
  await placeDemoOrders(app, client, shopId)
  const at = `${app.config.publicUrl}/console`
  await writeSignIns(app.config.DATA_DIR, [
    { label: '店主 owner', url: at, user: owner.account, password: owner.password },
    { label: '平台 platform', url: at, user: platform.account, password: platform.password },
  ])
  return true
}

/** Letters and digits that are not mistaken for one another. */
function password(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  return Array.from({ length: 12 }, (_, i) => (i % 5 === 4 ? '-' : letters[randomInt(letters.length)])).join('')
}

async function addPlatformStaff(app: App, staff: { account: string; name: string; password: string }): Promise<void> {
  const passwordHash = await app.identity.hashPassword(staff.password)
  await app.db.tx('system', async (tx) => {
    const roleId = await app.identity.createPlatformRole(tx)
    await app.identity.addMember(tx, PLATFORM_SHOP_ID, roleId, {
      account: staff.account,
      name: staff.name,
      passwordHash,
    })
  })
}

async function addCategories(client: Client, shopId: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const { category } of DEMO_PRODUCTS) {
    let parentId: string | null = null
    for (const [level, name] of category.entries()) {
      const key = category.slice(0, level + 1).join('/')
      if (!ids.has(key)) {
        const added: { id: string } = await client('console.createCategory', {
          params: { shopId },
          body: { parentId, name, position: ids.size },
        })
        ids.set(key, added.id)
      }
      parentId = ids.get(key)!
    }
  }
  return ids
}

async function addProducts(
  client: Client,
  shopId: string,
  categories: Map<string, string>,
): Promise<{ skuId: string; quantity: number }[]> {
  const stock: { skuId: string; quantity: number }[] = []
  const productIds: string[] = []
  for (const [index, product] of DEMO_PRODUCTS.entries()) {
    const pictureFileIds: string[] = []
    for (let turn = 0; turn < PICTURES; turn++) {
      const file = new Blob([new Uint8Array(await drawPicture(product.shape, product.palette, turn))], {
        type: 'image/jpeg',
      })
      pictureFileIds.push(
        (await client('console.uploadFile', { params: { shopId }, file, fileName: `${product.shape}-${turn}.jpg` }))
          .fileId,
      )
    }
    const made = await client('console.createProduct', {
      params: { shopId },
      body: toInput(product, index, categories, pictureFileIds),
    })
    productIds.push(made.id)
    for (const sku of made.skus) {
      const quantity = product.skus.find(([value]) => value === sku.optionValues[0])![3]
      stock.push({ skuId: sku.id, quantity })
    }
  }
  await client('console.publishProducts', { params: { shopId }, body: { productIds, onSale: true } })
  return stock
}

function toInput(product: DemoProduct, index: number, categories: Map<string, string>, pictureFileIds: string[]) {
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
    body: { name: '满 99 元包邮', isDefault: true, basis: 'weight', rules },
  })
}

/** 70 % to the central warehouse, 30 % to the front one, as SUP-01's default says. */
async function receive(client: Client, shopId: string, stock: { skuId: string; quantity: number }[]): Promise<void> {
  const { items } = await client('console.warehouses', { params: { shopId } })
  for (const kind of ['central', 'front'] as const) {
    const warehouseId = items.find((warehouse) => warehouse.kind === kind)!.id
    const lines = stock
      .map(({ skuId, quantity }) => ({
        skuId,
        quantity: kind === 'front' ? Math.floor(quantity * 0.3) : quantity - Math.floor(quantity * 0.3),
      }))
      .filter((line) => line.quantity > 0)
    await client('console.adjustStock', {
      params: { shopId },
      idempotencyKey: newKey(),
      body: { warehouseId, reason: 'purchase', note: '开业备货', lines },
    })
  }
}

async function writeSignIns(dataDir: string, signIns: SignIn[]): Promise<void> {
  await writeFile(path.join(dataDir, 'demo-sign-ins.json'), `${JSON.stringify(signIns, null, 2)}\n`, { mode: 0o600 })
}
