import type { Onboarding } from '@zhanggui/contract'
import { AppError } from '../../kernel/errors.ts'
import type { WorkspaceDeps } from './deps.ts'
import { onboardingOf, setDismissed, setSkipped } from './store-onboarding.ts'

type Deps = Pick<WorkspaceDeps, 'db' | 'clock' | 'setup'>

/** How far a shop is set up: each step is read from the shop itself, so that nobody has to tick anything off. */
export async function onboardingState({ db, setup }: Deps, shopId: string): Promise<Onboarding> {
  return db.read({ shopId }, async (tx) => {
    const own = await onboardingOf(tx, shopId)
    const steps = []
    for (const { key, to, done } of setup)
      steps.push({ key, to, done: await done(tx, shopId), skipped: own.skipped.includes(key) })
    return { steps, dismissed: own.dismissedAt !== null }
  })
}

/** @throws AppError NOT_FOUND for a step there is not */
export async function changeOnboarding(
  deps: Deps,
  shopId: string,
  change: { dismissed?: boolean | undefined; skip?: { key: string; skipped: boolean } | undefined },
): Promise<Onboarding> {
  const { dismissed, skip } = change
  if (skip && !deps.setup.some((step) => step.key === skip.key))
    throw new AppError('NOT_FOUND', { values: { what: `步骤 ${skip.key}` }, field: 'skip.key' })
  await deps.db.tx({ shopId }, async (tx) => {
    if (dismissed !== undefined) await setDismissed(tx, shopId, dismissed ? deps.clock.instant() : null)
    if (skip) await setSkipped(tx, shopId, skip.key, skip.skipped)
  })
  return onboardingState(deps, shopId)
}
