import type { ChaosInput } from '../../../packages/wechat-simulator/src/faults.ts'

/** Every fault that the simulator has, at rates that leave about half of all calls as they should be. */
export const chaosOf = (seed: number): ChaosInput => ({
  seed,
  slow_ms: 2_500,
  late_ms: 20_000,
  rates: {
    refuse: 0.02,
    server_error: 0.05,
    rate_limit: 0.03,
    drop: 0.04,
    drop_after: 0.06,
    slow: 0.01,
    bad_signature: 0.03,
    notify_first: 0.08,
    fail: 0.03,
    stall: 0.04,
    notice_lose: 0.06,
    notice_lose_once: 0.08,
    notice_twice: 0.12,
    notice_late: 0.06,
    notice_swap: 0.08,
    notice_bad_signature: 0.05,
  },
})
