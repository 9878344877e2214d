import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { appendFileSync, closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Log } from './errors.ts'
import { endProcess } from './process-info.ts'

const LOG_ROTATE_BYTES = 10 * 1024 * 1024
const TAIL_LINES = 40

export interface LogFile {
  path: string
  write: Log
  close(): void
}

/** Appends lines with their time to `folder/name.log`; a file that has grown past 10 MB becomes `name.log.1`. */
export function openLogFile(folder: string, name: string): LogFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${name}.log`)
  try {
    if (statSync(path).size > LOG_ROTATE_BYTES) renameSync(path, `${path}.1`)
  } catch {
    // there is none yet
  }
  let file: number | null = openSync(path, 'a')
  return {
    path,
    write(line) {
      const text = `${new Date().toISOString()} ${line}\n`
      if (file === null) appendFileSync(path, text)
      else writeSync(file, text)
    },
    close() {
      if (file !== null) closeSync(file)
      file = null
    },
  }
}

/** Something that runs until it is stopped; the engines' handles are such, and so are children started here. */
export interface Part {
  name: string
  /** Settles when it has ended, with the last lines it wrote. */
  ended: Promise<string>
  stop(): Promise<void>
}

export interface ChildOptions {
  name: string
  command: string
  args: readonly string[]
  env: Record<string, string | undefined>
  cwd?: string
  logFolder: string
  /** Sees each line as well. */
  onLine?: Log
  /** How long it gets after SIGTERM before SIGKILL. */
  stopTimeoutMs?: number
}

export interface RunningChild extends Part {
  pid: number
  logPath: string
}

/** Starts a program whose output goes to a log file. It does not receive the terminal's Ctrl-C; we stop it. */
export function startChild(options: ChildOptions): RunningChild {
  const logFile = openLogFile(options.logFolder, options.name)
  const spawnOptions: SpawnOptions = {
    env: options.env as NodeJS.ProcessEnv,
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  }
  const child = spawn(options.command, options.args, spawnOptions)
  const tail: string[] = []
  const keep = (line: string) => {
    tail.push(line)
    if (tail.length > TAIL_LINES) tail.shift()
    logFile.write(line)
    options.onLine?.(line)
  }
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on('line', keep)
  const ended = new Promise<string>((done) => {
    const finish = () => {
      logFile.close()
      done(tail.join('\n'))
    }
    child.once('error', (error) => {
      keep(error.message)
      finish()
    })
    child.once('close', finish)
  })
  const stop = () => stopChild(child, ended, options.stopTimeoutMs ?? 15_000)
  return { name: options.name, pid: child.pid ?? 0, logPath: logFile.path, ended, stop }
}

async function stopChild(child: ChildProcess, ended: Promise<string>, timeoutMs: number): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    await endProcess(child.pid, [
      ['SIGTERM', timeoutMs],
      ['SIGKILL', 2000],
    ])
  }
  await ended
}

export interface Supervisor {
  /** Watches a part from now on. Its end, unless we stop it, is the supervisor's failure. */
  add<T extends Part>(part: T): T
  /** Settles with the first part that ended by itself. Nothing is restarted. */
  failed: Promise<{ name: string; tail: string }>
  /** Stops all parts, the last added first, each waiting for the one before. Safe to call twice. */
  stopAll(): Promise<void>
}

/** Keeps what was started in order, so that it can be stopped in the opposite order. */
export function createSupervisor(): Supervisor {
  const parts: Part[] = []
  let stopping: Promise<void> | null = null
  let fail: (value: { name: string; tail: string }) => void = () => {}
  const failed = new Promise<{ name: string; tail: string }>((settle) => {
    fail = settle
  })
  return {
    failed,
    add(part) {
      parts.push(part)
      void part.ended.then((tail) => {
        if (!stopping) fail({ name: part.name, tail })
      })
      return part
    },
    stopAll() {
      stopping ??= (async () => {
        for (const part of [...parts].reverse()) await part.stop()
      })()
      return stopping
    },
  }
}
