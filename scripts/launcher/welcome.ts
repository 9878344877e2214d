import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { box, table } from './box.ts'
import type { LaunchOptions } from './options.ts'
import { publicUrl } from './server.ts'

interface SignIn {
  label: string
  url: string
  user: string
  password: string
  totpSecret?: string
}

/** What to open and how to sign in, for the terminal. */
export function welcome(options: LaunchOptions, simulatorUrl: string | undefined, seconds: number): string {
  const url = publicUrl(options)
  const places = [
    ['商城 storefront', `${url}/`],
    ['后台 console', `${url}/console`],
    ['接口 API docs', `${url}/docs`],
  ]
  if (simulatorUrl) places.push(['手机 phone', `${simulatorUrl}/phone`])
  const lines = [`掌柜已就绪,用时 ${seconds.toFixed(1)} 秒 · Zhanggui is ready`, '', ...table(places)]
  const signIns = readSignIns(options.dataDir)
  if (signIns.length > 0) {
    const rows = signIns.map((entry) => [
      entry.label,
      entry.user,
      entry.password,
      entry.totpSecret ? `TOTP ${entry.totpSecret}` : '',
    ])
    lines.push('', '演示账号 demo sign-ins', ...table(rows))
  }
  lines.push('', `数据 data: ${options.dataDir}`, 'Ctrl-C 停止 stops everything')
  return `\n${box(lines)}\n`
}

function readSignIns(dataDir: string): SignIn[] {
  const file = join(dataDir, 'demo-sign-ins.json')
  if (!existsSync(file)) return []
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SignIn[]
  } catch {
    return []
  }
}
