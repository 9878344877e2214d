/** Who does something: a member of staff, a buyer, another program, or the system itself. */
export interface Actor {
  /** A short word such as `staff`, `buyer`, `api`, `system`. */
  kind: string
  id?: string
  name?: string
}

/** The program acting by itself: schedules, subscribers, sweepers. */
export const SYSTEM_ACTOR: Actor = Object.freeze({ kind: 'system' })
