import type { SimulatorClock } from './clock.ts'

/** Something that becomes due at an instant of the simulator's clock. */
export interface DueWork {
  nextDueMs(): number | null
  /** Does what is due now; returns how many things it did. */
  runDue(): Promise<number>
}

const LONGEST_WAIT_MS = 30_000

/** Runs due work as time passes, and all of it in order when a test moves the clock. */
export class Agenda {
  readonly #clock: SimulatorClock
  readonly #works: DueWork[]
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(clock: SimulatorClock, works: DueWork[]) {
    this.#clock = clock
    this.#works = works
  }

  /** Call after something may have become due. */
  wake(): void {
    if (this.#closed || this.#running) return
    clearTimeout(this.#timer)
    const due = this.#nextDueMs()
    if (due === null) return
    const waitMs = Math.min(Math.max(0, due - this.#clock.now()), LONGEST_WAIT_MS)
    this.#timer = setTimeout(() => void this.#run(), waitMs)
    this.#timer.unref()
  }

  /** Resolves when nothing is due and nothing is under way. */
  async settle(): Promise<void> {
    for (;;) {
      const due = this.#nextDueMs()
      if (this.#closed) return
      if (!this.#running && (due === null || due > this.#clock.now())) return
      await this.#run()
    }
  }

  /** Moves the clock from one due instant to the next, doing the work of each, up to `ms` ahead. */
  async advance(ms: number): Promise<void> {
    await this.settle()
    const target = this.#clock.now() + ms
    for (;;) {
      const due = this.#nextDueMs()
      if (due === null || due > target) break
      this.#clock.move(due - this.#clock.now())
      await this.settle()
    }
    this.#clock.move(target - this.#clock.now())
    this.wake()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#running
  }

  #nextDueMs(): number | null {
    const due = this.#works.map((work) => work.nextDueMs()).filter((each) => each !== null)
    return due.length ? Math.min(...due) : null
  }

  #run(): Promise<void> {
    this.#running ??= this.#runAll().finally(() => {
      this.#running = undefined
      this.wake()
    })
    return this.#running
  }

  async #runAll(): Promise<void> {
    let done: number
    do {
      done = 0
      for (const work of this.#works) done += await work.runDue()
    } while (done > 0 && !this.#closed)
  }
}
