import type { App } from '../app.ts'
import { DAY_MS, LaggingClock, MINUTE_MS } from '../kernel/clock.ts'
import { hasRole } from '../kernel/config.ts'
import { ask } from './simulator.ts'

const ZONE_MS = 8 * 3_600_000
/** Both clocks read the machine's; a call between them takes a moment. */
const SAME_MS = 60_000

/** The time before the demo opens: the program's clock and the simulator's, moved together. */
export interface Past {
  /** The instant of a time of day in China, so many days before today. */
  at(daysAgo: number, time: string): number
  /**
   * Goes on to an instant; one that is past already changes nothing. Whatever is due at WeChat by then is done; after
   * a jump of more than minutes its news is too old to be believed, so let what is under way end first (`wait`).
   */
  moveTo(millis: number): Promise<void>
  /** Lets some seconds pass, so that WeChat ends what it has begun. */
  wait(seconds: number): Promise<void>
  /** Back in the present. */
  catchUp(): Promise<void>
}

/**
 * Sets an empty demo back by some days, before anything runs by its clock; one that was broken off goes on where it
 * was. Undefined where time cannot be moved: without the simulator, or once it has had payments; nor by one of several processes.
 */
export async function goBack(app: App, days: number): Promise<Past | undefined> {
  const { clock } = app.engines
  const simulator = app.config.WECHAT_SIMULATOR_URL
  const isWhole = hasRole(app.config, 'api') && hasRole(app.config, 'worker')
  if (!(clock instanceof LaggingClock) || !simulator || !isWhole) return undefined
  const read = () => ask<{ now: string; offset_ms: number }>(simulator, '/__sim/clock')
  const today = startOfToday()
  const { offset_ms } = await read()
  if (offset_ms < 0) clock.begin(-offset_ms)
  else if (clock.behindMs === 0) {
    const behindMs = Date.now() - (today - days * DAY_MS)
    clock.begin(behindMs)
    // A simulator that runs by this very clock has come along already.
    if (Date.parse((await read()).now) - clock.millis() > SAME_MS) {
      const begun = await ask(simulator, '/__sim/clock/begin', { behind_ms: behindMs }).catch(() => null)
      if (begun === null) {
        clock.begin(0)
        return undefined
      }
    }
  }
  let offsetMs = (await read()).offset_ms
  const follow = async () => {
    const ms = Math.max(0, -clock.behindMs - offsetMs)
    offsetMs = (await ask<{ offset_ms: number }>(simulator, '/__sim/clock/advance', { ms })).offset_ms
  }
  const moveTo = async (millis: number) => {
    if (millis <= clock.millis()) return
    clock.moveTo(millis)
    await follow()
  }
  return {
    at: (daysAgo, time) => momentOf(today, daysAgo, time),
    moveTo,
    wait: (seconds) => moveTo(clock.millis() + seconds * 1000),
    // All the way: the machine's clock goes on while it is read.
    catchUp: () => moveTo(Number.POSITIVE_INFINITY),
  }
}

/** Once nothing has to be moved any more. */
export function present(): Past {
  const today = startOfToday()
  const stay = async () => {}
  return {
    at: (daysAgo, time) => momentOf(today, daysAgo, time),
    ...{ moveTo: stay, wait: stay, catchUp: stay },
  }
}

function startOfToday(): number {
  const now = Date.now() + ZONE_MS
  return now - (now % DAY_MS) - ZONE_MS
}

function momentOf(today: number, daysAgo: number, time: string): number {
  const [hours, minutes] = time.split(':').map(Number)
  return today - daysAgo * DAY_MS + (hours! * 60 + minutes!) * MINUTE_MS
}
