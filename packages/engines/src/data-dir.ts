import { mkdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { EngineError, type Log } from './errors.ts'
import { commandLine, endProcess, isAlive } from './process-info.ts'

const LOCK = 'lock.json'
const MINIMUM_FREE_BYTES = 500 * 1024 * 1024

/** What `statfs` says about the disk under a folder. */
export type FreeSpace = (path: string) => { bavail: number; bsize: number }

export interface DataDirOptions {
  log?: Log
  /** For tests. */
  freeSpace?: FreeSpace
}

export interface DataDir {
  path: string
  /** Notes a child process, so that a later start ends it if this one is killed before it can. */
  noteChild(pid: number): void
  release(): void
}

interface Lock {
  pid: number
  command: string
  startedAt: string
  children: { pid: number; command: string }[]
}

/**
 * Takes a data folder for this process: makes it, checks that it can be written and that the disk has room, and
 * leaves a lock file with our process id. The lock of a process that is gone is taken over, and what that process
 * left running is ended.
 * @throws EngineError ALREADY_RUNNING, NO_PERMISSION, DISK_FULL
 */
export async function acquireDataDir(folder: string, options: DataDirOptions = {}): Promise<DataDir> {
  const path = resolve(folder)
  try {
    // Others may pass through (PostgreSQL's own account must), not look around.
    mkdirSync(path, { recursive: true, mode: 0o711 })
    writeFileSync(join(path, '.writable'), '')
    rmSync(join(path, '.writable'))
  } catch (error) {
    throw explain(path, error as NodeJS.ErrnoException)
  }
  requireSpace(path, options.freeSpace ?? statfsSync)
  const lock: Lock = {
    pid: process.pid,
    command: commandLine(process.pid),
    startedAt: new Date().toISOString(),
    children: [],
  }
  await takeLock(path, lock, options.log ?? (() => {}))
  const save = () => writeFileSync(join(path, LOCK), JSON.stringify(lock))
  return {
    path,
    noteChild(pid) {
      lock.children.push({ pid, command: commandLine(pid) })
      save()
    },
    release() {
      if (readLock(path)?.pid === process.pid) rmSync(join(path, LOCK), { force: true })
    },
  }
}

/** The process that holds a data folder right now, or null. */
export function dataDirHolder(folder: string): { pid: number; startedAt: string } | null {
  const lock = readLock(resolve(folder))
  return lock && isHeld(lock) ? { pid: lock.pid, startedAt: lock.startedAt } : null
}

async function takeLock(path: string, lock: Lock, log: Log): Promise<void> {
  const file = join(path, LOCK)
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      return writeFileSync(file, JSON.stringify(lock), { flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw explain(path, error as NodeJS.ErrnoException)
    }
    const found = readLock(path)
    if (found && isHeld(found)) throw alreadyRunning(path, found)
    // Moving the stale file aside decides between two processes that found it at the same time.
    const aside = `${file}.${process.pid}`
    try {
      renameSync(file, aside)
    } catch {
      continue
    }
    log(`taking over the data folder of a process that is gone (${found?.pid ?? 'unknown'})`)
    await endChildren(found, log)
    rmSync(aside, { force: true })
  }
  throw alreadyRunning(path, readLock(path) ?? lock)
}

async function endChildren(lock: Lock | null, log: Log): Promise<void> {
  for (const child of [...(lock?.children ?? [])].reverse()) {
    if (child.command === '' || !isAlive(child.pid) || commandLine(child.pid) !== child.command) continue
    log(`ending process ${child.pid} that an earlier start left behind`)
    await endProcess(child.pid, [
      ['SIGTERM', 15_000],
      ['SIGKILL', 2000],
    ])
  }
}

function readLock(path: string): Lock | null {
  try {
    return JSON.parse(readFileSync(join(path, LOCK), 'utf8')) as Lock
  } catch {
    return null
  }
}

/** A process id alone proves little: ids are reused, in containers at every start. */
function isHeld(lock: Lock): boolean {
  if (lock.pid === process.pid || !isAlive(lock.pid)) return false
  const command = commandLine(lock.pid)
  return command === '' || lock.command === '' || command === lock.command
}

function requireSpace(path: string, freeSpace: FreeSpace): void {
  const { bavail, bsize } = freeSpace(path)
  const freeBytes = bavail * bsize
  if (freeBytes >= MINIMUM_FREE_BYTES) return
  const freeMegabytes = Math.floor(freeBytes / 1024 / 1024)
  throw new EngineError(
    'DISK_FULL',
    `磁盘空间不足:${path} 所在的磁盘只剩 ${freeMegabytes} MB,至少需要 500 MB。请清理磁盘,或设置 ZHANGGUI_DATA 把数据放到别处。`,
    `The disk is nearly full: ${path} has ${freeMegabytes} MB left and 500 MB are needed. Free some space, or set ZHANGGUI_DATA to keep the data elsewhere.`,
  )
}

function explain(path: string, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'EROFS') {
    return new EngineError(
      'NO_PERMISSION',
      `没有权限写数据文件夹 ${path}(${error.code})。请修改它的所有者(chown),或设置 ZHANGGUI_DATA 换一个文件夹。`,
      `The data folder ${path} may not be written (${error.code}). Change its owner (chown), or set ZHANGGUI_DATA to another folder.`,
      { cause: error },
    )
  }
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return new EngineError(
      'DISK_FULL',
      `磁盘已满,无法写数据文件夹 ${path}(${error.code})。请清理磁盘,或设置 ZHANGGUI_DATA 把数据放到别处。`,
      `The disk is full: the data folder ${path} cannot be written (${error.code}). Free some space, or set ZHANGGUI_DATA to keep the data elsewhere.`,
      { cause: error },
    )
  }
  if (error.code === 'ENOTDIR' || error.code === 'EEXIST') {
    return new EngineError(
      'NO_PERMISSION',
      `${path} 不是文件夹。请设置 ZHANGGUI_DATA 换一个位置。`,
      `${path} is not a folder. Set ZHANGGUI_DATA to another place.`,
      { cause: error },
    )
  }
  return error
}

function alreadyRunning(path: string, lock: Lock): EngineError {
  return new EngineError(
    'ALREADY_RUNNING',
    `掌柜已在使用数据文件夹 ${path}(进程 ${lock.pid},启动于 ${lock.startedAt})。请先停止它,或设置 ZHANGGUI_DATA 换一个文件夹。`,
    `Zhanggui is already running on the data folder ${path} (process ${lock.pid}, since ${lock.startedAt}). Stop it first, or set ZHANGGUI_DATA to another folder.`,
  )
}
