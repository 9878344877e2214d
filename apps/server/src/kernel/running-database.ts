import { readFile } from 'node:fs/promises'
import path from 'node:path'

const RUN_FILE = path.resolve(import.meta.dirname, '../../../../.data/run.json')

/** Where commands that only look find the database: the environment, or the program that `npm start` left running. */
export async function runningDatabaseUrl(): Promise<string> {
  const given = process.env.DATABASE_URL ?? process.env.DATABASE_ADMIN_URL
  if (given) return given
  const text = await readFile(RUN_FILE, 'utf8').catch(() => undefined)
  const url = text === undefined ? undefined : (JSON.parse(text) as { databaseUrl?: string }).databaseUrl
  if (url === undefined)
    throw new Error(
      '没有找到数据库：请先 npm start，或设置 DATABASE_URL (no database: run npm start or set DATABASE_URL)',
    )
  return url
}
