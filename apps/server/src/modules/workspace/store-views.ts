import type { ViewState } from '@zhanggui/contract'
import { sql, type Tx } from '../../kernel/db.ts'

export interface ViewRow {
  id: string
  staffId: string
  ownerName: string
  list: string
  name: string
  shared: boolean
  state: ViewState
  version: number
}

const COLUMNS = sql`id, staff_id, owner_name, list, name, shared, state, version`

/** One's own views of a table, then those of others that are shared. */
export const viewsFor = (tx: Tx, shopId: string, staffId: string, list: string) =>
  tx.rows<ViewRow>(sql`
    select ${COLUMNS} from saved_views
    where shop_id = ${shopId} and list = ${list} and (staff_id = ${staffId} or shared)
    order by staff_id <> ${staffId}, name, id limit 500`)

export const viewById = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<ViewRow>(sql`select ${COLUMNS} from saved_views where shop_id = ${shopId} and id = ${id}`)

export const countViews = async (tx: Tx, shopId: string, staffId: string, list: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(sql`
      select count(*) as count from saved_views where shop_id = ${shopId} and staff_id = ${staffId} and list = ${list}`)
  ).count

/** Answers whether the name was free. */
export async function insertView(tx: Tx, shopId: string, view: ViewRow, at: string): Promise<boolean> {
  const inserted = await tx.exec(sql`
    insert into saved_views (shop_id, id, staff_id, owner_name, list, name, shared, state, version, created_at, updated_at)
    values (${shopId}, ${view.id}, ${view.staffId}, ${view.ownerName}, ${view.list}, ${view.name}, ${view.shared},
      ${JSON.stringify(view.state)}, ${view.version}, ${at}, ${at})
    on conflict do nothing`)
  return inserted === 1
}

/** Whether another view of the same owner and table has the name. */
export const nameTaken = async (tx: Tx, shopId: string, view: ViewRow, name: string): Promise<boolean> =>
  (await tx.maybe(sql`
    select 1 from saved_views where shop_id = ${shopId} and staff_id = ${view.staffId} and list = ${view.list}
      and name = ${name} and id <> ${view.id}`)) !== undefined

/** Compare-and-set on the version; answers whether it was done. */
export async function updateView(
  tx: Tx,
  shopId: string,
  view: { id: string; name: string; shared: boolean; state: ViewState; version: number },
  at: string,
): Promise<boolean> {
  const changed = await tx.exec(sql`
    update saved_views set name = ${view.name}, shared = ${view.shared}, state = ${JSON.stringify(view.state)},
      version = version + 1, updated_at = ${at}
    where shop_id = ${shopId} and id = ${view.id} and version = ${view.version}`)
  return changed === 1
}

/** Nobody else's table opens with a view that is no longer shared. */
export const forgetOthersDefault = (tx: Tx, shopId: string, view: ViewRow) =>
  tx.exec(sql`
    delete from saved_view_defaults where shop_id = ${shopId} and view_id = ${view.id} and staff_id <> ${view.staffId}`)

export const deleteView = (tx: Tx, shopId: string, id: string) =>
  tx.exec(sql`delete from saved_views where shop_id = ${shopId} and id = ${id}`)

export const defaultViewOf = async (tx: Tx, shopId: string, staffId: string, list: string): Promise<string | null> =>
  (
    await tx.maybe<{ viewId: string }>(sql`
      select view_id from saved_view_defaults
      where shop_id = ${shopId} and staff_id = ${staffId} and list = ${list}`)
  )?.viewId ?? null

export async function setDefaultView(
  tx: Tx,
  shopId: string,
  choice: { staffId: string; list: string; viewId: string | null },
): Promise<void> {
  const { staffId, list, viewId } = choice
  if (viewId === null)
    await tx.exec(sql`
      delete from saved_view_defaults where shop_id = ${shopId} and staff_id = ${staffId} and list = ${list}`)
  else
    await tx.exec(sql`
      insert into saved_view_defaults (shop_id, staff_id, list, view_id)
      values (${shopId}, ${staffId}, ${list}, ${viewId})
      on conflict (shop_id, staff_id, list) do update set view_id = excluded.view_id`)
}
