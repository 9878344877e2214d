import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { dataDirHolder } from '../../packages/engines/src/index.ts'
import { loadEnvFile, readOptions } from './options.ts'

/** Only a folder that looks like ours is deleted, whatever ZHANGGUI_DATA says. */
const OURS = new Set([
  'postgres',
  'clickhouse',
  'files',
  'logs',
  'secrets',
  'simulator',
  'lock.json',
  'demo-sign-ins.json',
])

/** Deletes the data folder after a confirmation (`--yes` instead of one). Refuses while the shop runs. */
export async function resetData(args: readonly string[]): Promise<number> {
  loadEnvFile()
  const isSure = args.includes('--yes')
  const { dataDir } = readOptions(
    args.filter((arg) => arg !== '--yes'),
    process.env,
  )
  if (!existsSync(dataDir))
    return say(0, `没有数据文件夹 ${dataDir},无需清空。`, `There is no data folder ${dataDir}: nothing to reset.`)
  const holder = dataDirHolder(dataDir)
  if (holder) {
    return say(
      1,
      `掌柜正在运行(进程 ${holder.pid}),请先停止它再清空数据。`,
      `Zhanggui is running (process ${holder.pid}): stop it before resetting.`,
    )
  }
  const entries = readdirSync(dataDir)
  if (entries.length > 0 && !entries.some((entry) => OURS.has(entry)))
    return say(
      1,
      `${dataDir} 看起来不是掌柜的数据文件夹,没有删除。`,
      `${dataDir} does not look like a data folder of Zhanggui; nothing was deleted.`,
    )
  if (!isSure && !(await confirm(dataDir))) return say(1, '已取消。', 'Cancelled.')
  for (const entry of entries) rmSync(join(dataDir, entry), { recursive: true, force: true })
  return say(0, `已清空 ${dataDir}。下次 npm start 会重新开始。`, `Emptied ${dataDir}. The next npm start begins anew.`)
}

async function confirm(dataDir: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error('请加 --yes 确认:npm run reset -- --yes')
    return false
  }
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await prompt.question(
    `将删除 ${dataDir} 里的全部数据,无法恢复。 This deletes all data in it for good. [yes/N] `,
  )
  prompt.close()
  return /^y(es)?$/i.test(answer.trim())
}

function say(code: number, zh: string, en: string): number {
  console.log(`${zh}\n${en}`)
  return code
}
