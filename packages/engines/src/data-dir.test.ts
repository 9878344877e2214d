import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  acquireDataDir,
  createSupervisor,
  dataDirHolder,
  freePort,
  readOrCreateSecret,
  requirePort,
  startChild,
} from './index.ts'
import { commandLine, isAlive } from './process-info.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhanggui-data-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const writeLock = (lock: object) => writeFileSync(join(folder, 'lock.json'), JSON.stringify(lock))

test('SYS-01 a data folder in use is refused with a sentence that names it and its process', async () => {
  writeLock({ pid: process.ppid, command: commandLine(process.ppid), startedAt: '2026-01-01', children: [] })
  const attempt = acquireDataDir(folder)
  await expect(attempt).rejects.toMatchObject({ code: 'ALREADY_RUNNING' })
  await expect(attempt).rejects.toThrow(new RegExp(`${process.ppid}.*ZHANGGUI_DATA`))
  expect(dataDirHolder(folder)?.pid).toBe(process.ppid)
})

test('SYS-01 a stale lock is taken over: of a dead process, of a reused process id, of half-written content', async () => {
  for (const lock of [{ pid: 2 ** 22 + 1 }, { pid: process.ppid, command: 'another program' }, 'half']) {
    writeFileSync(
      join(folder, 'lock.json'),
      typeof lock === 'string' ? lock : JSON.stringify({ children: [], ...lock }),
    )
    const held = await acquireDataDir(folder)
    expect(JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8')).pid).toBe(process.pid)
    held.release()
    expect(existsSync(join(folder, 'lock.json'))).toBe(false)
  }
})

test('SYS-01 children that a killed launcher left running are ended at the next start', async () => {
  const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
  const gone = new Promise((done) => orphan.once('exit', done))
  await expect.poll(() => commandLine(orphan.pid!)).toContain('setInterval')
  const child = { pid: orphan.pid, command: commandLine(orphan.pid!) }
  writeLock({ pid: 2 ** 22 + 1, command: 'x', startedAt: '', children: [child] })
  const held = await acquireDataDir(folder)
  await gone
  expect(isAlive(orphan.pid!)).toBe(false)
  held.release()
})

test('SYS-01 a nearly full disk is refused with a sentence', async () => {
  const attempt = acquireDataDir(folder, { freeSpace: () => ({ bavail: 100 * 1024, bsize: 4096 }) })
  await expect(attempt).rejects.toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('400 MB') })
})

test('SYS-01 a data folder that is a file is refused with a sentence', async () => {
  writeFileSync(join(folder, 'file'), '')
  await expect(acquireDataDir(join(folder, 'file'))).rejects.toMatchObject({ code: 'NO_PERMISSION' })
})

const isRoot = process.getuid?.() === 0
test.skipIf(isRoot)(
  `SYS-01 a data folder without permission is refused with a sentence${isRoot ? ' (skipped: root may write anywhere)' : ''}`,
  async () => {
    const closed = join(folder, 'closed')
    mkdirSync(closed)
    chmodSync(closed, 0o500)
    await expect(acquireDataDir(join(closed, 'data'))).rejects.toMatchObject({ code: 'NO_PERMISSION' })
  },
)

test('SYS-01 a taken port is refused with a sentence that names the setting', async () => {
  const port = await freePort()
  const holder = createServer().listen(port, '127.0.0.1')
  await new Promise((done) => holder.once('listening', done))
  await expect(requirePort(port, 'PORT')).rejects.toThrow(new RegExp(`${port}.*PORT=`))
  await new Promise((done) => holder.close(done))
  expect(await requirePort(port, 'PORT')).toBe(port)
})

test('SYS-01 a secret is made once and readable by its owner only', () => {
  const path = join(folder, 'secrets', 'key')
  const secret = readOrCreateSecret(path)
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
  expect(readOrCreateSecret(path)).toBe(secret)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('SYS-01 children are stopped in reverse order, their output is kept, and an unexpected end is reported', async () => {
  const supervisor = createSupervisor()
  const stopped: string[] = []
  const program = (name: string) =>
    supervisor.add(
      startChild({
        name,
        command: process.execPath,
        args: ['-e', `console.log('hello from ${name}'); setInterval(() => {}, 1000)`],
        env: process.env,
        logFolder: join(folder, 'logs'),
      }),
    )
  const parts = ['first', 'second', 'third'].map(program)
  for (const part of parts) void part.ended.then(() => stopped.push(part.name))
  for (const name of ['second', 'third']) {
    const log = () => readFileSync(join(folder, 'logs', `${name}.log`), 'utf8')
    await expect.poll(log, { timeout: 5000 }).toMatch(new RegExp(`^\\d{4}-.*Z hello from ${name}$`, 'm'))
  }
  process.kill(parts[1]!.pid, 'SIGKILL')
  expect(await supervisor.failed).toMatchObject({ name: 'second', tail: expect.stringContaining('hello') })
  await supervisor.stopAll()
  await delay(0)
  expect(stopped).toEqual(['second', 'third', 'first'])
})
