import { describe, expect, test } from 'vitest'
import { Agenda, type DueWork } from './agenda.ts'
import { SimulatorClock } from './clock.ts'

function diary(clock: SimulatorClock, dueAts: number[]): DueWork & { done: Array<[due: number, at: number]> } {
  const open = [...dueAts].sort((a, b) => a - b)
  const done: Array<[number, number]> = []
  return {
    done,
    nextDueMs: () => open[0] ?? null,
    runDue: async () => {
      if (open[0] === undefined || open[0] > clock.now()) return 0
      done.push([open.shift() ?? 0, clock.now()])
      return 1
    },
  }
}

describe('the clock and its agenda', () => {
  test('PAY-01 moving the clock does everything on the way, each at its own instant', async () => {
    const clock = new SimulatorClock(() => 0, 0)
    const [a, b] = [diary(clock, [10, 500, 90_000]), diary(clock, [300, 2000])]
    const agenda = new Agenda(clock, [a, b])
    await agenda.advance(1000)
    expect([...a.done, ...b.done]).toEqual([
      [10, 10],
      [500, 500],
      [300, 300],
    ])
    expect(clock.now()).toBe(1000)
    await agenda.close()
  })

  test("PAY-01 a caller is accepted in the simulator's time and in the base clock's, and answered in the same", () => {
    const clock = new SimulatorClock(() => 1_000_000, 0)
    clock.move(10_000_000)
    expect(clock.accepts(11_000_000 - 300_000)).toBe(true)
    expect(clock.signatureNow()).toBe(11_000_000)
    expect(clock.accepts(1_000_000 + 300_000)).toBe(true)
    expect(clock.signatureNow()).toBe(1_000_000)
    expect(clock.accepts(5_000_000)).toBe(false)
    clock.move(-5)
    expect(clock.now()).toBe(11_000_000)
  })
})
