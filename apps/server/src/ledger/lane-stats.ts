export interface LaneStats {
  name: string
  /** Commands waiting now. */
  depth: number
  /** Batches running now. */
  running: number
  /** Commands since the start: taken in, answered, refused … */
  accepted: number
  answered: number
  /** … because the queue (or the tenant's part of it) was full, */
  refusedFull: number
  /** … because they had waited too long, */
  refusedLate: number
  /** … by the processing itself. */
  refusedByProcess: number
  /** Commands that joined one with the same key. */
  joined: number
  batches: number
  /** Times that processing threw and the batch was repeated or split. */
  failedBatches: number
  /** Of the last 1024 batches. */
  batchSize: Percentiles
  batchMs: Percentiles
  /** How long the commands of the last batches waited: the longest of each batch. */
  waitMs: Percentiles
}

export interface Percentiles {
  p50: number
  p99: number
  max: number
}

const KEPT = 1024

/** Counts what a lane does; cheap enough for every batch. */
export class LaneMeter {
  readonly #name: string
  readonly #sizes = new Ring()
  readonly #durations = new Ring()
  readonly #waits = new Ring()
  /** Seconds per command, smoothed. */
  #secondsEach = 0.001
  #batches = 0
  accepted = 0
  answered = 0
  refusedFull = 0
  refusedLate = 0
  refusedByProcess = 0
  joined = 0
  failedBatches = 0

  constructor(name: string) {
    this.#name = name
  }

  started(size: number, waitsMs: readonly number[]): void {
    this.#batches++
    this.#sizes.add(size)
    let longest = 0
    for (const wait of waitsMs) if (wait > longest) longest = wait
    this.#waits.add(longest)
  }

  finished(size: number, durationMs: number): void {
    this.#durations.add(durationMs)
    this.#secondsEach += (durationMs / 1000 / size - this.#secondsEach) * 0.1
  }

  /** About how long this many commands take, by what was seen lately. */
  secondsFor(commands: number): number {
    return commands * this.#secondsEach
  }

  read(depth: number, running: number): LaneStats {
    return {
      name: this.#name,
      depth,
      running,
      accepted: this.accepted,
      answered: this.answered,
      refusedFull: this.refusedFull,
      refusedLate: this.refusedLate,
      refusedByProcess: this.refusedByProcess,
      joined: this.joined,
      batches: this.#batches,
      failedBatches: this.failedBatches,
      batchSize: this.#sizes.percentiles(),
      batchMs: this.#durations.percentiles(),
      waitMs: this.#waits.percentiles(),
    }
  }
}

/** The last values of a measurement. */
class Ring {
  readonly #values = new Float64Array(KEPT)
  #count = 0

  add(value: number): void {
    this.#values[this.#count++ % KEPT] = value
  }

  percentiles(): Percentiles {
    const values = this.#values.slice(0, Math.min(this.#count, KEPT)).sort()
    const at = (share: number) => values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
    return { p50: at(0.5), p99: at(0.99), max: values.at(-1) ?? 0 }
  }
}
