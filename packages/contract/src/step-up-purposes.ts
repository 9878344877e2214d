/**
 * What a person is asked to prove themselves for, anew and for each by itself.
 * - `withdrawal`, `payout`: money leaves, or where it goes is changed
 * - `credentials`: keys, certificates and secrets of connected accounts
 * - `refund`, `adjustment`: money or stock is moved by hand, above a limit
 * - `export`, `personal-data`: data of many people leaves, or is shown in full
 * - `staff`: who may do what, and the rules of these checks themselves
 * - `approval`: the second person of a sensitive operation
 */
export const STEP_UP_PURPOSES = [
  'withdrawal',
  'payout',
  'credentials',
  'refund',
  'adjustment',
  'export',
  'personal-data',
  'staff',
  'approval',
] as const
export type StepUpPurpose = (typeof STEP_UP_PURPOSES)[number]

/** How a person proves themselves, the strongest first. */
export const STEP_UP_MEANS = ['passkey', 'totp', 'recovery-code', 'password'] as const
export type StepUpMeans = (typeof STEP_UP_MEANS)[number]

/** What an error STEP_UP_REQUIRED carries. */
export interface StepUpAsked {
  purpose: StepUpPurpose
  /** None where the person has first to enrol a passkey or a code app. */
  means: StepUpMeans[]
}
