import os from 'node:os'

/** One thing that was measured and what it must reach; without a limit it is only reported. */
export interface Bar {
  name: string
  value: number
  limit?: number
  /** `least` (default): at least the limit; `most`: at most. */
  side?: 'least' | 'most'
}

/** On what, and beside how much other work, the numbers came about. */
export function describeMachine(): string {
  const cpus = os.cpus()
  const load = os.loadavg()[0]!.toFixed(1)
  const gigabytes = Math.round(os.totalmem() / 2 ** 30)
  return `${cpus[0]?.model.trim() ?? 'unknown CPU'} × ${cpus.length}, ${gigabytes} GB, ${os.platform()} ${os.release()}, Node ${process.version}, load ${load}`
}

/** The middle one of some rounds. */
export function medianBy<T>(values: readonly T[], of: (value: T) => number): T {
  return [...values].sort((a, b) => of(a) - of(b))[values.length >> 1]!
}

/** Prints bars and, as the last line, all of it as JSON; a bar that is missed makes the exit code 1. */
export function concludeBench(bench: string, bars: readonly Bar[], more: Record<string, unknown> = {}): void {
  const judged = bars.map(({ name, value, limit, side = 'least' }) => {
    const ok = limit === undefined || (side === 'least' ? value >= limit : value <= limit)
    return { name, value, ...(limit === undefined ? {} : { limit }), ok }
  })
  console.log(`\n${'bar'.padEnd(56)}${'value'.padStart(10)}${'limit'.padStart(10)}`)
  for (const { name, value, limit, ok } of judged)
    console.log(
      `${name.padEnd(56)}${String(value).padStart(10)}${String(limit ?? '–').padStart(10)}${limit === undefined ? '' : ok ? '  ✓' : '  ✗'}`,
    )
  console.log(JSON.stringify({ bench, bars: judged, machine: describeMachine(), ...more }))
  if (!judged.every(({ ok }) => ok)) process.exitCode = 1
}
