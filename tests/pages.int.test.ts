import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../apps/server/src/kernel/db.ts'
import type { DesignedPage, DraftBlock } from '../packages/contract/src/index.ts'
import { startTestApp, type TestApp, type TestShop } from './support/app.ts'
import type { Reply, Visitor } from './support/http.ts'
import { noticeLayout } from './support/pages.ts'

const HOUR_MS = 3_600_000
/** Visitors see what begins or ends by the clock this much later at most. */
const KEPT_MS = 2_000

let app: TestApp
let shop: TestShop
let params: { shopId: string }
let slugs = 0
let slug: string
let made: DesignedPage
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  shop = await app.openTestShop('青瓷铺')
  params = { shopId: shop.shopId }
})
afterAll(() => app?.close())
beforeEach(async () => {
  slug = `page-${++slugs}`
  made = await shop.owner.call('console.createPage', {
    params,
    body: { slug, title: '中秋', layout: noticeLayout('第一稿') },
  })
})

const at = () => ({ ...params, pageId: made.id })
const inHours = (hours: number) => new Date(app.clock.millis() + hours * HOUR_MS).toISOString()
const edit = (text: string, revision = made.revision, who: Visitor = shop.owner, keepTheirsAside = false) =>
  who.call('console.savePageDraft', {
    params: at(),
    body: { title: '中秋', layout: noticeLayout(text), revision, keepTheirsAside },
  })
const publish = (revision: number, more: object = {}) =>
  shop.owner.call('console.publishPage', { params: at(), body: { revision, ...more } })
/** Edits and publishes. */
const show = async (text: string, more: object = {}) => {
  made = await publish((await edit(text)).revision, more)
  return made
}
const storePage = (name = slug, query = '') =>
  app.visitor().ask(`/api/store/shops/${shop.shopId}/pages/${name}${query}`)
/** What a buyer reads there now, or the status of the refusal. */
const shown = async (query = '', name = slug) => {
  const { status, json } = await storePage(name, query)
  return status === 200 ? (json as { blocks: { text: string }[] }).blocks.map(({ text }) => text).join() : status
}
const refusal = ({ status, json }: Reply) => {
  const { code, field, data } = (json as { error: { code: string; field?: string; data?: object } }).error
  return { status, code, field, data }
}
const send = (path: string, body: object, method = 'POST') =>
  shop.owner.ask(`/api/console/shops/${shop.shopId}/pages/${made.id}${path}`, { method, body })

describe('publishing', () => {
  test('UX-02 a draft is shown to nobody before it is published, and what is published does not change with it', async () => {
    expect(await shown()).toBe(404)
    await show('到店有礼')
    expect(await shown()).toBe('到店有礼')
    made = await edit('改了又改')
    expect([await shown(), made.hasChanges]).toEqual(['到店有礼', true])
    made = await publish(made.revision)
    expect([await shown(), made.hasChanges]).toEqual(['改了又改', false])
  })

  test('UX-02 the home page is the built-in one until one is published, and again when it is taken down', async () => {
    const home = () =>
      storePage('home').then(({ json }) => (json as { blocks: { id: string }[] }).blocks.map(({ id }) => id))
    const builtIn = await home()
    made = await shop.owner.call('console.createPage', {
      params,
      body: { slug: 'home', title: '首页', layout: noticeLayout('欢迎', 'mine') },
    })
    made = await publish(made.revision)
    expect(await home()).toEqual(['mine'])
    await shop.owner.call('console.takeDownPage', { params: at(), body: { revision: made.revision } })
    expect(await home()).toEqual(builtIn)
    const again = await shop.owner.ask(`/api/console/shops/${shop.shopId}/pages`, {
      method: 'POST',
      body: { slug: 'home', title: '又一个首页', layout: noticeLayout('欢迎') },
    })
    expect(refusal(again)).toMatchObject({ status: 409, code: 'DUPLICATE' })
  })

  test('UX-02 a draft may be incomplete; its problems name block and field, and keep it from being published', async () => {
    const gone = '0190a000-0000-7000-8000-000000000001'
    const blocks: DraftBlock[] = [
      { id: 'ok', kind: 'notice', isHidden: false, text: '好的', link: { kind: 'product', productId: gone } },
      { id: 'b', kind: 'banner', isHidden: false, slides: [{ alt: '', link: null }] },
      { id: 'p', kind: 'picture', isHidden: false, fileId: gone },
      { id: 'f', kind: 'feed', isHidden: false },
      { id: 'g', kind: 'gap', isHidden: false },
    ]
    const body = { title: '中秋', layout: { version: 1 as const, blocks }, revision: made.revision }
    made = await shop.owner.call('console.savePageDraft', { params: at(), body })
    expect(made.problems.map(({ index, field, reason, isWarning }) => [index, field, reason, isWarning])).toEqual([
      [0, 'link', '商品已下架或删除，页面上不会显示', true],
      [1, 'slides.0.fileId', '第 1 个海报的图片：还没有设置', false],
      [2, 'fileId', '图片不存在，请重新上传', false],
      [3, '', '“全部商品”只能放在页面最后', false],
    ])
    const refused = refusal(await send('/publish', { revision: made.revision }))
    expect(refused).toMatchObject({ status: 409, code: 'PAGE_INCOMPLETE', field: 'layout.blocks.1.slides.0.fileId' })
    expect(await shown()).toBe(404)
  })

  test('UX-02 blocks of no known kind, too many of them, and addresses that are none are refused', async () => {
    const draft = (layout: object) =>
      send('/draft', { title: '中秋', layout, revision: made.revision }, 'PUT').then(refusal)
    const strange = await draft({ version: 1, blocks: [{ id: 'a', kind: 'script' }] })
    expect(strange).toMatchObject({ code: 'VALIDATION_FAILED', field: 'layout.blocks.0.kind' })
    const many = Array.from({ length: 41 }, (_, index) => ({ id: `b${index}`, kind: 'gap' }))
    expect(await draft({ version: 1, blocks: many })).toMatchObject({ field: 'layout.blocks' })
    const big = { id: 'a', kind: 'rich-text', nodes: 'x'.repeat(200_001) }
    expect(await draft({ version: 1, blocks: [big] })).toMatchObject({ field: 'layout' })
    const body = { title: '页', layout: noticeLayout('x'), slug: '../home' }
    const reply = await shop.owner.ask(`/api/console/shops/${shop.shopId}/pages`, { method: 'POST', body })
    expect(refusal(reply)).toMatchObject({ code: 'VALIDATION_FAILED', field: 'slug' })
  })
})

test('UX-02 what happens to a page is told as events and written down with who did it; deleting keeps what it was', async () => {
  await show('到店有礼', { note: '首发' })
  await show('三天活动', { endsAt: inHours(72) })
  const cancelled = await shop.owner.call('console.cancelPageShowing', {
    params: { ...at(), showingId: made.shown!.id },
  })
  const inUse = await shop.owner.ask(`/api/console/shops/${shop.shopId}/pages/${made.id}`, { method: 'DELETE' })
  expect(refusal(inUse)).toMatchObject({ status: 409, code: 'PAGE_IN_USE' })
  await shop.owner.call('console.takeDownPage', { params: at(), body: { revision: cancelled.revision } })
  expect(await shown()).toBe(404)
  await shop.owner.call('console.deletePage', { params: at() })
  const gone = await shop.owner.ask(`/api/console/shops/${shop.shopId}/pages/${made.id}`)
  expect(refusal(gone)).toMatchObject({ status: 404 })

  const events = await app.app.db.read('system', (tx) =>
    tx.rows<{ name: string; payload: Record<string, unknown> }>(sql`
      select name, payload from outbox_events where aggregate = 'page' and aggregate_id = ${made.id} order by seq`),
  )
  expect(events.map(({ name, payload }) => [name, payload.versionNumber])).toEqual([
    ['pages.page-published', 1],
    ['pages.page-published', 2],
    ['pages.page-withdrawn', 2],
    ['pages.page-withdrawn', null],
  ])
  expect(events[1]!.payload).toMatchObject({ pageId: made.id, slug, title: '中秋', endsAt: inHours(72) })

  const { items } = await shop.owner.call('console.audit', { params, query: { entity: 'page', entityId: made.id } })
  expect(items.map(({ action }) => action)).toEqual([
    'pages.delete',
    'pages.take-down',
    'pages.cancel-showing',
    'pages.publish',
    'pages.publish',
    'pages.create',
  ])
  expect(items.every(({ actorName }) => actorName !== '')).toBe(true)
  expect(items[0]!.summary).toContain(slug)
})

test('UX-02 the editor is told the pictures and products of a draft, and no draft that is another shop’s', async () => {
  const { productId } = await app.product(shop, {})
  const gone = '0190a000-0000-7000-8000-000000000001'
  const blocks: DraftBlock[] = [
    { id: 'p', kind: 'products', isHidden: false, source: { kind: 'hand', productIds: [productId, gone] } },
    { id: 'b', kind: 'banner', isHidden: false, slides: [{ fileId: gone, alt: '', link: null }, { alt: '' }] },
  ]
  const body = { title: '中秋', layout: { version: 1 as const, blocks }, revision: made.revision }
  made = await shop.owner.call('console.savePageDraft', { params: at(), body })
  expect([made.products.map(({ id }) => id), made.pictures]).toEqual([[productId], []])
  const other = await app.openTestShop('隔壁铺')
  const theirs = await other.owner.ask(`/api/console/shops/${other.shopId}/pages/${made.id}`)
  expect(theirs.status).toBe(404)
  const token = new URL((await shop.owner.call('console.previewPage', { params: at(), body: {} })).url).search
  const elsewhere = await app.visitor().ask(`/api/store/shops/${other.shopId}/pages/${slug}${token}`)
  expect(elsewhere.status).toBe(404)
})

describe('schedule', () => {
  test('UX-02 a version for a time begins and ends by the clock, then what was before is shown again', async () => {
    await show('平时')
    await show('活动', { startsAt: inHours(1), endsAt: inHours(3) })
    const etag = async () => (await storePage()).headers.get('etag')
    const before = await etag()
    app.clock.advance(HOUR_MS - 1)
    expect(await shown()).toBe('平时')
    app.clock.advance(KEPT_MS)
    expect([await shown(), (await etag()) === before]).toEqual(['活动', false])
    app.clock.advance(2 * HOUR_MS - 2 * KEPT_MS)
    expect(await shown()).toBe('活动')
    app.clock.advance(KEPT_MS + 1)
    expect([await shown(), await etag()]).toEqual(['平时', before])
  })

  test('UX-02 what is published for good while a campaign runs is shown after it, or at once when that is ended', async () => {
    await show('平时')
    await show('活动', { endsAt: inHours(2) })
    await show('平时新版')
    expect(await shown()).toBe('活动')
    await show('马上换', { endRunning: true })
    expect(await shown()).toBe('马上换')
    app.clock.advance(3 * HOUR_MS)
    expect(await shown()).toBe('马上换')
  })

  test('UX-02 two versions for a time never hold at once; one may follow on the other', async () => {
    await show('甲', { startsAt: inHours(1), endsAt: inHours(2) })
    made = await edit('乙')
    const overlapping = { revision: made.revision, startsAt: inHours(1.5), endsAt: inHours(3) }
    expect(refusal(await send('/publish', overlapping))).toMatchObject({ status: 409, code: 'PAGE_SCHEDULE_TAKEN' })
    await publish(made.revision, { startsAt: inHours(2), endsAt: inHours(3) })
    app.clock.advance(2 * HOUR_MS)
    expect(await shown()).toBe('乙')
    const past = { revision: made.revision, startsAt: inHours(-1) }
    expect(refusal(await send('/publish', past))).toMatchObject({ code: 'VALIDATION_FAILED', field: 'startsAt' })
    const never = { revision: made.revision, startsAt: inHours(2), endsAt: inHours(2) }
    expect(refusal(await send('/publish', never))).toMatchObject({ code: 'VALIDATION_FAILED', field: 'endsAt' })
  })

  test('UX-02 a version to come is called off, a running one ended early', async () => {
    await show('平时')
    await show('活动', { startsAt: inHours(1), endsAt: inHours(4) })
    const cancel = (showingId: string) =>
      shop.owner.call('console.cancelPageShowing', { params: { ...at(), showingId } })
    expect((await cancel(made.next!.id)).next).toBeNull()
    app.clock.advance(2 * HOUR_MS)
    expect(await shown()).toBe('平时')
    await show('活动二', { endsAt: inHours(2) })
    expect(await shown()).toBe('活动二')
    app.clock.advance(HOUR_MS)
    await cancel(made.shown!.id)
    expect(await shown()).toBe('平时')
  })

  test('UX-02 many who schedule the same time at once: one of them does', async () => {
    const body = { revision: made.revision, startsAt: inHours(1), endsAt: inHours(2) }
    const replies = await Promise.all(Array.from({ length: 8 }, () => send('/publish', body)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const reply of replies.filter(({ status }) => status !== 200))
      expect(refusal(reply).code).toBe('PAGE_SCHEDULE_TAKEN')
  })
})

describe('two editors', () => {
  test('UX-02 the second is told whose the draft is now; who insists has the other draft kept', async () => {
    const colleague = await app.staffWith(shop, ['pages.read', 'pages.write'])
    const theirs = await edit('同事的', made.revision, colleague)
    const late = refusal(
      await send('/draft', { title: '中秋', layout: noticeLayout('我的'), revision: made.revision }, 'PUT'),
    )
    expect(late).toMatchObject({ status: 409, code: 'CONFLICT', data: { revision: theirs.revision } })
    expect((late.data as { by: string }).by).not.toBe('')
    const mine = await edit('我的', made.revision, shop.owner, true)
    expect(mine.layout.blocks[0]).toMatchObject({ text: '我的' })
    const { items } = await shop.owner.call('console.pageVersions', { params: at() })
    expect(items.map(({ number, kind }) => [number, kind])).toEqual([[1, 'kept']])
    const kept = await shop.owner.call('console.pageVersion', { params: { ...at(), number: 1 } })
    expect(kept.layout.blocks[0]).toMatchObject({ text: '同事的' })
  })

  test('UX-02 of many who save the same revision at once, one is taken', async () => {
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        send('/draft', { title: '中秋', layout: noticeLayout(`稿 ${index}`), revision: made.revision }, 'PUT'),
      ),
    )
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)])
    expect(refusal(await send('/publish', { revision: made.revision })).code).toBe('CONFLICT')
  })
})

test('UX-02 versions: who and when, restored as a draft, the draft of before kept', async () => {
  await show('一', { note: '首发' })
  await show('二')
  made = await edit('没发布的')
  const restored = await shop.owner.call('console.restorePageVersion', {
    params: { ...at(), number: 1 },
    body: { revision: made.revision },
  })
  expect(restored.layout.blocks[0]).toMatchObject({ text: '一' })
  expect(await shown()).toBe('二')
  const page = await shop.owner.call('console.pageVersions', { params: at(), query: { limit: 2 } })
  expect(page.items.map(({ number, kind, isShown }) => [number, kind, isShown])).toEqual([
    [3, 'kept', false],
    [2, 'published', true],
  ])
  const rest = await shop.owner.call('console.pageVersions', { params: at(), query: { cursor: page.nextCursor! } })
  expect(rest.items.map(({ number, note, createdBy }) => [number, note, createdBy !== ''])).toEqual([[1, '首发', true]])
  // Published again, it is the version that it was.
  made = await publish(restored.revision)
  expect([await shown(), made.shown!.versionNumber]).toEqual(['一', 1])
})

test('UX-02 a preview shows the draft until it expires; it is good for that page of that shop only', async () => {
  const preview = async (versionNumber: number | null = null) => {
    const { url } = await shop.owner.call('console.previewPage', { params: at(), body: { versionNumber } })
    return new URL(url)
  }
  await show('发布的')
  made = await edit('草稿')
  const { search, pathname } = await preview()
  expect(pathname).toBe(`/s/${shop.slug}/pages/${slug}`)
  expect([await shown(search), await shown()]).toEqual(['草稿', '发布的'])
  made = await edit('草稿又改')
  expect(await shown(search)).toBe('草稿又改')
  expect(await shown((await preview(1)).search)).toBe('发布的')
  expect(await shown(`${search.slice(0, -2)}xx`)).toBe(404)
  expect(await shown(search, 'page-1')).toBe(404)
  app.clock.advance(2 * HOUR_MS)
  expect(await shown(search)).toBe(404)
})
