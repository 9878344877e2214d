import { type Fen, type ImportJob, ImportJob as ImportJobSchema } from '@zhanggui/contract'
import type { ImportRecord } from './store-jobs.ts'

const FIELDS = Object.keys(ImportJobSchema.shape) as (keyof ImportJob)[]

/** An import as the console sees it. */
export function importView(record: ImportRecord): ImportJob {
  const view = Object.fromEntries(FIELDS.map((field) => [field, record[field]])) as unknown as ImportJob
  const { defaultPriceFen } = record.options
  return { ...view, options: { ...record.options, defaultPriceFen: defaultPriceFen as Fen | null } }
}
