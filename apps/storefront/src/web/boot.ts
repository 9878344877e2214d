import type { ScreenState } from './screen.ts'

/** What the browser starts from. */
export interface Boot {
  screen: ScreenState
  simulatorUrl: string | undefined
  /** Server's clock; only on pages that are not cached. */
  now: number | undefined
}
