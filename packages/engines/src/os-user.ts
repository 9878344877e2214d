import { execFileSync } from 'node:child_process'
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { EngineError } from './errors.ts'

/** The operating-system account PostgreSQL runs under; PostgreSQL refuses to run as root. */
export interface OsUser {
  name: string
  uid: number
  gid: number
}

const CANDIDATES = ['postgres', 'nobody'] as const

/**
 * The account to run PostgreSQL as: null means "as we are" (we are not root, or the system has no such notion).
 * As root it is `postgres` if that account exists, else `nobody`; no account is created on the machine.
 * @throws EngineError NO_PERMISSION when root has neither account
 */
export function postgresOsUser(): OsUser | null {
  if (process.getuid?.() !== 0) return null
  for (const name of CANDIDATES) {
    const user = lookUp(name)
    if (user) return user
  }
  throw new EngineError(
    'NO_PERMISSION',
    'PostgreSQL 不允许以 root 运行,而系统里既没有 postgres 也没有 nobody 用户。请新建一个(useradd --system postgres)、改用普通用户运行,或设置 DATABASE_URL 使用已有的数据库。',
    'PostgreSQL does not run as root, and this system has neither a postgres nor a nobody account. Create one (useradd --system postgres), run as an ordinary user, or set DATABASE_URL to a database of your own.',
  )
}

function lookUp(name: string): OsUser | null {
  const text = passwdEntry(name)
  const fields = text.split(':')
  const uid = Number(fields[2])
  const gid = Number(fields[3])
  return fields[0] === name && Number.isInteger(uid) && uid !== 0 && Number.isInteger(gid) ? { name, uid, gid } : null
}

function passwdEntry(name: string): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${name}:`))
    if (line) return line
    return execFileSync('getent', ['passwd', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}

/** Whether every folder above `path` may be entered by that account (a checkout under /root may not). */
export function canReach(user: OsUser, path: string): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const stat = statSync(folder)
    const shift = stat.uid === user.uid ? 6 : stat.gid === user.gid ? 3 : 0
    if (stat.isDirectory() && ((stat.mode >> shift) & 1) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

/**
 * How to start a program as that account: plain uid and gid when it can reach the given paths; else through
 * `setpriv` with the one capability that lets it pass closed folders such as /root.
 * @throws EngineError NO_PERMISSION when the paths are closed and there is no setpriv
 */
export function runAs(
  user: OsUser | null,
  paths: readonly string[],
): { prefix: readonly string[]; uid?: number; gid?: number } {
  if (!user) return { prefix: [] }
  const closed = paths.find((path) => !canReach(user, path))
  if (closed === undefined) return { prefix: [], uid: user.uid, gid: user.gid }
  const setpriv = findProgram('setpriv')
  if (setpriv) {
    const capability = '+dac_override'
    return {
      prefix: [
        setpriv,
        `--reuid=${user.uid}`,
        `--regid=${user.gid}`,
        '--clear-groups',
        `--inh-caps=${capability}`,
        `--ambient-caps=${capability}`,
        // Without it access(2), with which PostgreSQL looks for its own programs, would ignore the capability.
        '--securebits=+no_setuid_fixup',
      ],
    }
  }
  throw new EngineError(
    'NO_PERMISSION',
    `用户 ${user.name} 无法进入 ${closed} 所在的文件夹,PostgreSQL 启动不了。请把项目和数据放到 /opt 或 /srv 这样的目录、改用普通用户运行,或设置 ZHANGGUI_DATA。`,
    `The account ${user.name} may not enter the folders above ${closed}, so PostgreSQL cannot start. Keep the project and its data under a folder such as /opt or /srv, run as an ordinary user, or set ZHANGGUI_DATA.`,
  )
}

function findProgram(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter).concat('/usr/bin', '/bin')) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // not in this folder
    }
  }
  return null
}
