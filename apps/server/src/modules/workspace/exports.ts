import type { Readable } from 'node:stream'
import type { ExportColumn, ExportInput } from '@zhanggui/contract'
import { audit } from '../../kernel/audit.ts'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import { withDataScopes } from '../../kernel/data-scope.ts'
import { localDay } from '../../kernel/days.ts'
import { AppError } from '../../kernel/errors.ts'
import { scopesFor } from '../../kernel/http/caller.ts'
import type { ListCall } from '../../kernel/http/lists.ts'
import { newId } from '../../kernel/ids.ts'
import { csvStream } from '../../kernel/write-csv.ts'
import { xlsxStream } from '../../kernel/write-xlsx.ts'
import type { WorkspaceDeps } from './deps.ts'
import { type Cell, cellsOf, columnsOf } from './export-cells.ts'
import { exportLinkMinutes, exportMaxRows, exportStepUpRows } from './settings.ts'
import { deleteExpired, type ExportRow, exportById, insertExport } from './store-exports.ts'

const PAGE = 100
const PERSONAL = 'customers.personal-data'

export interface ExportFile {
  name: string
  contentType: string
  body: Readable
}

/**
 * Lists as spreadsheets (ACC-05). An export is a promise of a file, kept for a while and audited; its rows are read
 * through the list's own route while the file is fetched, so that nothing is exported that the list would not show,
 * memory stays bounded, and no file with personal data lies about.
 */
export function createExports(deps: WorkspaceDeps) {
  const { db, clock, settings, lists } = deps
  const admit = (spec: ExportInput, call: ListCall) => {
    lists.check(spec.route, { ...call, params: spec.params, query: spec.query })
    if (spec.personal && !call.caller.permissions.has(PERSONAL))
      throw new AppError('FORBIDDEN', { values: { permission: PERSONAL } })
    if (spec.personal && !deps.personal[spec.route])
      throw new AppError('VALIDATION_FAILED', {
        values: { field: 'personal', reason: '这个列表没有可以完整导出的个人信息' },
        field: 'personal',
      })
  }
  const record = (call: ListCall, action: 'export' | 'fetch-export', row: ExportRow) =>
    db.tx({ shopId: call.shopId }, async (tx) => {
      if (action === 'export') await insertExport(tx, call.shopId, row, clock.instant())
      const { title, format, personal, route, query } = row.spec
      await audit(tx, clock, {
        shopId: call.shopId,
        actor: { kind: 'staff', id: call.caller.staffId, name: call.caller.name },
        action: `workspace.${action}`,
        entity: 'export',
        entityId: row.id,
        summary: `${action === 'export' ? '导出' : '下载导出的'}「${title}」${format.toUpperCase()}${personal ? '，含完整个人信息' : ''}`,
        after: { route, query, personal },
        ip: call.ip,
        requestId: call.requestId,
      })
    })

  /** Rows until the list ends or the limit is reached, and then a line that says so. */
  async function* pages(call: ListCall, spec: ExportInput, columns: ExportColumn[]): AsyncGenerator<Cell[][]> {
    const limit = await settings.get(exportMaxRows, { shopId: call.shopId })
    const timeZone = await db.read({ shopId: call.shopId }, (tx) => deps.timeZoneOf(tx, call.shopId))
    const context = { timeZone, language: spec.language }
    const of = { ...call, params: spec.params, query: spec.query }
    let cursor: string | undefined
    let count = 0
    do {
      const page = await lists.page(spec.route, of, cursor, Math.min(PAGE, limit - count))
      // The stream asks for rows when nobody's request is being answered any more.
      const rows = spec.personal
        ? await withDataScopes(scopesFor(call.caller, PERSONAL), () =>
            withPersonal(deps, call.shopId, spec.route, page.items),
          )
        : page.items
      yield rows.map((row) => cellsOf(row, columns, context))
      count += rows.length
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined && count < limit)
    if (cursor !== undefined)
      yield [[spec.language === 'zh' ? `已到单次导出上限 ${limit} 行` : `The limit of ${limit} rows was reached`]]
  }

  /** Whether the list has more rows than may leave without a proof of the person; reads no further than that. */
  const isLarge = async (call: ListCall, spec: ExportInput): Promise<boolean> => {
    const limit = await settings.get(exportStepUpRows, { shopId: call.shopId })
    let cursor: string | undefined
    let count = 0
    do {
      const of = { ...call, params: spec.params, query: spec.query }
      const page = await lists.page(spec.route, of, cursor, PAGE)
      count += page.items.length
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined && count <= limit)
    return count > limit
  }

  return {
    /** @throws AppError NOT_FOUND for what is no list, FORBIDDEN, VALIDATION_FAILED for filters it does not take */
    async start(
      call: ListCall,
      spec: ExportInput,
      stepUp: () => Promise<void>,
    ): Promise<{ id: string; expiresAt: string }> {
      admit(spec, call)
      if (spec.personal || (await isLarge(call, spec))) await stepUp()
      const minutes = await settings.get(exportLinkMinutes, { shopId: call.shopId })
      const expiresAt = plusMs(clock.instant(), minutes * MINUTE_MS)
      const row = { id: newId(), staffId: call.caller.staffId, spec, expiresAt }
      await record(call, 'export', row)
      return { id: row.id, expiresAt }
    },

    /** @throws AppError NOT_FOUND for somebody else's or one that is over; FORBIDDEN when one may no longer */
    async file(call: ListCall, exportId: string): Promise<ExportFile> {
      const row = await db.read({ shopId: call.shopId }, (tx) => exportById(tx, call.shopId, exportId))
      if (!row || row.staffId !== call.caller.staffId || row.expiresAt <= clock.instant())
        throw new AppError('NOT_FOUND', { values: { what: '这次导出，它可能已过有效期，请重新导出' } })
      const { spec } = row
      admit(spec, call)
      await record(call, 'fetch-export', row)
      const plain = spec.columns.length > 0 ? spec.columns : columnsOf(lists.row(spec.route))
      const personal = spec.personal ? deps.personal[spec.route]!.columns : []
      const columns = [...plain, ...personal.map((each) => ({ field: each.field, title: each[spec.language] }))]
      const name = `${spec.title.replace(/[\\/:*?"<>|\s]+/g, '-')}-${localDay(clock.instant())}`
      const titles = columns.map(({ title }) => title)
      const rows = pages(call, spec, columns)
      if (spec.format === 'csv')
        return { name: `${name}.csv`, contentType: 'text/csv; charset=utf-8', body: csvStream(titles, rows, 'utf-8') }
      return {
        name: `${name}.xlsx`,
        contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        body: xlsxStream(spec.title.replace(/[\\/*?:[\]]/g, '-').slice(0, 31), columns.map(sheetColumn), rows),
      }
    },

    sweep: (): Promise<number> => db.tx('system', (tx) => deleteExpired(tx, clock.instant())),
  }
}

const sheetColumn = ({ title, field }: ExportColumn) => ({
  title,
  width: Math.min(40, Math.max(12, title.length * 2 + 4)),
  format: field.endsWith('Fen') ? '0.00' : 'General',
})

async function withPersonal(
  deps: WorkspaceDeps,
  shopId: string,
  route: string,
  rows: Record<string, unknown>[],
): Promise<Record<string, unknown>[]> {
  const ids = rows.map((row) => String(row.id))
  const clear = await deps.db.read({ shopId }, (tx) => deps.personal[route]!.read(tx, shopId, ids))
  return rows.map((row) => ({ ...row, ...clear.get(String(row.id)) }))
}
