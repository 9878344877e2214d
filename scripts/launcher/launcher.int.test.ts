import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acquireDataDir, freePort } from '../../packages/engines/src/index.ts'
import { ROOT } from './options.ts'
import { SERVER_ENTRY } from './server.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhanggui-launch-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Run {
  child: ChildProcess
  output(): string
  ended: Promise<number | null>
}

function run(script: string, args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [join(ROOT, 'scripts', script), ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ZHANGGUI_DATA: join(folder, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
    })
  return { child, output: () => text, ended: new Promise((done) => child.once('close', done)) }
}

async function finish(script: string, args: readonly string[] = []): Promise<{ code: number | null; output: string }> {
  const started = run(script, args)
  return { code: await started.ended, output: started.output() }
}

test('SYS-01 npm start on a taken port says which setting to change, and leaves no lock behind', async () => {
  const port = await freePort()
  const holder = createServer().listen(port, '127.0.0.1')
  const { code, output } = await finish('start.mjs', [`--port=${port}`])
  holder.close()
  expect(code).toBe(1)
  expect(output).toMatch(new RegExp(`端口 ${port} 已被.*PORT=`))
  expect(readdirSync(join(folder, 'data'))).toEqual([])
})

test('SYS-01 npm start and npm run reset refuse a data folder that is in use', async () => {
  const held = await acquireDataDir(join(folder, 'data'))
  mkdirSync(join(folder, 'data', 'postgres'))
  for (const [script, args] of [
    ['start.mjs', [`--port=${await freePort()}`]],
    ['reset.mjs', ['--yes']],
  ] as const) {
    const { code, output } = await finish(script, args)
    expect([code, output]).toEqual([1, expect.stringContaining(String(process.pid))])
  }
  held.release()
})

test('SYS-01 npm run reset asks first, empties the data folder, and deletes nothing that is not ours', async () => {
  const data = join(folder, 'data')
  expect(await finish('reset.mjs', ['--yes'])).toMatchObject({ code: 0 })
  mkdirSync(join(data, 'postgres'), { recursive: true })
  writeFileSync(join(data, 'demo-sign-ins.json'), '[]')
  expect(await finish('reset.mjs')).toMatchObject({ code: 1 })
  expect(readdirSync(data)).toHaveLength(2)
  expect(await finish('reset.mjs', ['--yes'])).toMatchObject({ code: 0 })
  expect(readdirSync(data)).toEqual([])
  writeFileSync(join(data, 'holiday.jpg'), '')
  expect(await finish('reset.mjs', ['--yes'])).toMatchObject({ code: 1 })
  expect(readdirSync(data)).toEqual(['holiday.jpg'])
})

const hasServer = existsSync(join(ROOT, SERVER_ENTRY))
describe.skipIf(!hasServer)(hasServer ? 'the whole shop' : 'the whole shop (skipped: no server program)', () => {
  test('SYS-01 npm start serves, stops cleanly on SIGTERM, and starts again on the same data', {
    timeout: 600_000,
  }, async () => {
    const port = await freePort()
    const data = join(folder, 'data')
    for (const round of ['first', 'second']) {
      const shop = run('start.mjs', [`--port=${port}`], { ZHANGGUI_DEMO: '0' })
      await expect.poll(shop.output, { timeout: 300_000 }).toMatch(/Zhanggui is ready|\n\n.+\n.+\n\n/)
      expect(shop.output(), round).toContain(`http://localhost:${port}/`)
      expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
      shop.child.kill('SIGTERM')
      expect(await shop.ended).toBe(0)
      expect(shop.output()).toContain('Stopped; your data is kept.')
      expect(existsSync(join(data, 'lock.json'))).toBe(false)
      expect(existsSync(join(data, 'postgres', 'cluster', 'postmaster.pid'))).toBe(false)
    }
  })
})
