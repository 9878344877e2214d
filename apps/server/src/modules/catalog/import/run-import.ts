import type { ImportJob } from '@zhanggui/contract'
import { z } from 'zod'
import { audit } from '../../../kernel/audit.ts'
import { canonicalJson } from '../../../kernel/canonical-json.ts'
import { DAY_MS, MINUTE_MS, plusMs } from '../../../kernel/clock.ts'
import { currentDataScopes } from '../../../kernel/data-scope.ts'
import { defineJob } from '../../../kernel/jobs.ts'
import type { CatalogDeps } from '../deps.ts'
import type { EditBy } from '../edit-product.ts'
import { importKeepDays } from '../settings.ts'
import type { Mapping } from './columns.ts'
import { requireImport, wrongState } from './preview-import.ts'
import { checkMapping } from './start-import.ts'
import {
  deleteImportsBefore,
  findImport,
  type ImportOptions,
  rememberMapping,
  setEnded,
  setRunning,
  shopsWithImportsBefore,
  stalledImports,
} from './store-jobs.ts'
import { importView } from './view.ts'

/** The work of one import. A second one may wait while one is being done, which is how long imports go on. */
export const importJob = defineJob({
  name: 'catalog.import',
  schema: z.object({ shopId: z.uuid(), importId: z.uuid() }),
  unique: 'queued',
  retryLimit: 6,
  expireInSeconds: 900,
})

/**
 * Starts an import, or goes on with one that was cancelled, failed or lost its worker. The mapping is remembered for
 * files with the same columns. Once rows are in, the mapping stays what it was.
 * @throws AppError NOT_FOUND, IMPORT_STATE, VALIDATION_FAILED
 */
export async function runImport(
  deps: CatalogDeps,
  by: EditBy,
  importId: string,
  input: { mapping: Mapping; options: ImportOptions },
): Promise<ImportJob> {
  const { shopId } = by
  const at = deps.clock.instant()
  return deps.db.tx({ shopId }, async (tx) => {
    const job = await requireImport(tx, shopId, importId, true)
    if (job.state === 'done' || job.state === 'reading') throw wrongState(job)
    const same =
      canonicalJson(job.mapping) === canonicalJson(input.mapping) &&
      canonicalJson(job.options) === canonicalJson(input.options)
    if (job.state === 'running' || job.position > 0) {
      if (!same) throw wrongState(job, '已导入一部分，列的对应和选项不能再改')
    } else checkMapping(job.columns, input.mapping)
    if (job.state !== 'running') {
      const restart = job.position === 0
      await setRunning(tx, shopId, importId, { ...input, restart, actor: by.actor, at, scopes: currentDataScopes() })
      await rememberMapping(tx, shopId, job.signature, input.mapping, at)
    }
    await deps.jobs.enqueue(tx, importJob, { shopId, importId }, { singletonKey: importId })
    if (job.state !== 'running')
      await audit(tx, deps.clock, {
        ...by,
        action: 'catalog.run-import',
        entity: 'import',
        entityId: importId,
        summary: `${job.position === 0 ? '开始' : '继续'}导入「${job.fileName}」，共 ${job.totalRows} 行`,
        after: input,
      })
    return importView((await findImport(tx, shopId, importId))!)
  })
}

/** Stops an import after the chunk that is being written; what is in stays. @throws AppError NOT_FOUND, IMPORT_STATE */
export async function cancelImport(deps: CatalogDeps, by: EditBy, importId: string): Promise<ImportJob> {
  const { shopId } = by
  return deps.db.tx({ shopId }, async (tx) => {
    const job = await requireImport(tx, shopId, importId, true)
    if (job.state !== 'mapping' && job.state !== 'running') throw wrongState(job)
    await setEnded(tx, shopId, importId, 'cancelled', null, deps.clock.instant())
    await audit(tx, deps.clock, {
      ...by,
      action: 'catalog.cancel-import',
      entity: 'import',
      entityId: importId,
      summary: `取消导入「${job.fileName}」，已处理 ${job.doneRows} / ${job.totalRows} 行`,
    })
    return importView((await findImport(tx, shopId, importId))!)
  })
}

const STALLED_AFTER_MS = 10 * MINUTE_MS

/** Wakes imports whose worker is gone, and fails uploads that were cut off while they were read. */
export async function sweepImports(deps: CatalogDeps): Promise<void> {
  const at = deps.clock.instant()
  const stalled = await deps.db.read('system', (tx) => stalledImports(tx, plusMs(at, -STALLED_AFTER_MS)))
  for (const { shopId, id } of stalled)
    await deps.db.tx({ shopId }, async (tx) => {
      const job = await findImport(tx, shopId, id, true)
      if (job?.state === 'reading') await setEnded(tx, shopId, id, 'failed', '读取中断，请重新上传文件', at)
      if (job?.state === 'running')
        await deps.jobs.enqueue(tx, importJob, { shopId, importId: id }, { singletonKey: id })
    })
}

/** Removes imports that are older than the shop keeps them. */
export async function dropOldImports(deps: CatalogDeps): Promise<void> {
  const at = deps.clock.instant()
  for (const shopId of await deps.db.read('system', (tx) => shopsWithImportsBefore(tx, plusMs(at, -DAY_MS)))) {
    const days = await deps.settings.get(importKeepDays, { shopId })
    const before = plusMs(at, -days * DAY_MS)
    while ((await deps.db.tx({ shopId }, (tx) => deleteImportsBefore(tx, shopId, before))) === 100);
  }
}
