/**
 * `npm run bench -- cold-start [runs]`: from the start of the command to the first page that a buyer gets, engines
 * included, with a shop's data there already; and what each process keeps in memory when nobody does anything. The
 * first start, which makes the demo shop, is reported beside it. Medians. (SYS-01)
 */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { keepDataDir, startShopOn } from '../scripts/demo/shop.ts'
import { concludeBench, describeMachine, medianBy } from './support/bars.ts'

const LIMIT_SECONDS = 5
const POLL_MS = 20
/** Until what a start leaves to be done later is done. */
const REST_MS = 5_000

const runs = Number(process.argv[2] ?? 5)
const { dataDir, remove } = keepDataDir()
console.log(describeMachine())
try {
  const first = await timed()
  await first.stop()
  console.log(`first start, with the demo shop made: ${first.seconds} s`)
  const seconds: number[] = []
  let memory: Record<string, number> = {}
  for (let run = 0; run < runs; run++) {
    const shop = await timed()
    seconds.push(shop.seconds)
    console.log(`start ${run + 1}: first page after ${shop.seconds} s`)
    if (run === runs - 1) {
      await delay(REST_MS)
      memory = memoryBelow(shop.pid)
      for (const [name, megabytes] of Object.entries(memory))
        console.log(`  ${name.padEnd(24)}${String(megabytes).padStart(6)} MB`)
    }
    await shop.stop()
  }
  concludeBench(
    'cold-start',
    [
      { name: 'first page, s', value: medianBy(seconds, Number), limit: LIMIT_SECONDS, side: 'most' },
      { name: 'first page of the very first start, s', value: first.seconds },
      { name: 'memory of all processes, MB', value: Object.values(memory).reduce((sum, each) => sum + each, 0) },
    ],
    { memory },
  )
} finally {
  remove()
}

async function timed() {
  const startedAt = performance.now()
  const shop = await startShopOn(dataDir)
  for (;;) {
    const page = await fetch(shop.url, { headers: { accept: 'text/html' } }).catch(() => undefined)
    if (page?.ok && (await page.text()).includes('product-card')) break
    await delay(POLL_MS)
  }
  return { ...shop, seconds: Math.round((performance.now() - startedAt) / 100) / 10 }
}

/** Memory of a process and everything it has started, by what it is; shared pages are counted once. Linux only. */
function memoryBelow(pid: number): Record<string, number> {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      const parent = Number(readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ')[1]!.split(' ')[1])
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
    } catch {
      // It has ended meanwhile.
    }
  const memory: Record<string, number> = {}
  const visit = (each: number) => {
    const name = nameOf(each)
    const kilobytes = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    memory[name] = (memory[name] ?? 0) + Math.round(kilobytes / 1024)
    for (const child of children.get(each) ?? []) visit(child)
  }
  visit(pid)
  return memory
}

function nameOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  if (words[0]!.startsWith('postgres') || words[0]!.endsWith('/postgres')) return 'postgres'
  const script = words.slice(1).find((word) => /\.m?[jt]s$/.test(word)) ?? words[0]!
  return script.split('/').slice(-3).join('/')
}
