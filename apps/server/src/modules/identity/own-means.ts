import type { IdentityDeps } from './deps.ts'
import { enrolledMeans } from './store-step-up.ts'

/**
 * Whoever has something better than a password to prove themselves with proves it before they change with what they
 * sign in: a stolen session and a password that was looked over a shoulder would otherwise leave a key of their own
 * behind (ACC-08). `prove` refuses until the person has.
 */
export async function proveForOwnMeans(
  deps: Pick<IdentityDeps, 'db'>,
  staffId: string,
  prove: () => Promise<void>,
): Promise<void> {
  const { passkey, totp } = await deps.db.read('system', (tx) => enrolledMeans(tx, staffId))
  if (passkey || totp) await prove()
}
