import type { SavedView, ViewState } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { WorkspaceDeps } from './deps.ts'
import {
  countViews,
  defaultViewOf,
  deleteView,
  forgetOthersDefault,
  insertView,
  nameTaken,
  setDefaultView,
  updateView,
  type ViewRow,
  viewById,
  viewsFor,
} from './store-views.ts'

/** How many views of one table a person keeps. */
const MAX_VIEWS = 50

interface Who {
  shopId: string
  staffId: string
  name: string
}

/** Saved views of the console's tables (ACC-05): everybody has their own, and may show them to the shop. */
export function createViews({ db, clock }: Pick<WorkspaceDeps, 'db' | 'clock'>) {
  return {
    async list(who: Who, list: string): Promise<{ items: SavedView[]; defaultId: string | null }> {
      return db.read({ shopId: who.shopId }, async (tx) => ({
        items: (await viewsFor(tx, who.shopId, who.staffId, list)).map((row) => toView(row, who)),
        defaultId: await defaultViewOf(tx, who.shopId, who.staffId, list),
      }))
    },

    /** @throws AppError DUPLICATE, LIMIT_REACHED */
    async create(
      who: Who,
      input: { list: string; name: string; shared: boolean; state: ViewState },
    ): Promise<SavedView> {
      const row: ViewRow = {
        ...input,
        id: newId(),
        staffId: who.staffId,
        ownerName: who.name.slice(0, 200),
        version: 1,
      }
      await db.tx({ shopId: who.shopId }, async (tx) => {
        await lockInOrder(tx, [ownLock(who)])
        if ((await countViews(tx, who.shopId, who.staffId, input.list)) >= MAX_VIEWS)
          throw new AppError('LIMIT_REACHED', { values: { what: '一个列表的视图', limit: MAX_VIEWS } })
        if (!(await insertView(tx, who.shopId, row, clock.instant()))) throw duplicate(input.name)
      })
      return toView(row, who)
    },

    /** @throws AppError NOT_FOUND for a view of somebody else, CONFLICT, DUPLICATE */
    async update(
      who: Who,
      viewId: string,
      change: { name: string; shared: boolean; state: ViewState; version: number },
    ): Promise<SavedView> {
      return db.tx({ shopId: who.shopId }, async (tx) => {
        await lockInOrder(tx, [ownLock(who)])
        const view = await ownView(tx, who, viewId)
        if (await nameTaken(tx, who.shopId, view, change.name)) throw duplicate(change.name)
        if (!(await updateView(tx, who.shopId, { id: viewId, ...change }, clock.instant())))
          throw new AppError('CONFLICT', { values: { what: `视图「${view.name}」` } })
        if (!change.shared) await forgetOthersDefault(tx, who.shopId, view)
        return toView({ ...view, ...change, version: change.version + 1 }, who)
      })
    },

    /** @throws AppError NOT_FOUND for a view of somebody else */
    async remove(who: Who, viewId: string): Promise<void> {
      await db.tx({ shopId: who.shopId }, async (tx) => {
        await lockInOrder(tx, [ownLock(who)])
        await ownView(tx, who, viewId)
        await deleteView(tx, who.shopId, viewId)
      })
    },

    /** @throws AppError NOT_FOUND for a view one cannot see, or of another table */
    async setDefault(who: Who, list: string, viewId: string | null): Promise<void> {
      await db.tx({ shopId: who.shopId }, async (tx) => {
        if (viewId !== null) {
          const view = await viewById(tx, who.shopId, viewId)
          if (!view || view.list !== list || !(view.shared || view.staffId === who.staffId)) throw viewNotFound()
        }
        await setDefaultView(tx, who.shopId, { staffId: who.staffId, list, viewId })
      })
    },
  }
}

const ownLock = ({ shopId, staffId }: Who): string => `views:${shopId}:${staffId}`

const viewNotFound = () => new AppError('NOT_FOUND', { values: { what: '视图' } })

const duplicate = (name: string) =>
  new AppError('DUPLICATE', { values: { what: '视图名称', value: name }, field: 'name' })

async function ownView(tx: Tx, who: Who, viewId: string): Promise<ViewRow> {
  const view = await viewById(tx, who.shopId, viewId)
  if (!view || view.staffId !== who.staffId) throw viewNotFound()
  return view
}

const toView = ({ staffId, ...row }: ViewRow, who: Who): SavedView => ({ ...row, mine: staffId === who.staffId })
