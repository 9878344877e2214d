import { hash, verify } from '@node-rs/argon2'
import { AppError } from '../../kernel/errors.ts'

// OWASP's first choice for argon2id; about 30 ms and 19 MB on one core.
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** More people than this signing in at one instant are asked to wait, so that guessing cannot exhaust the machine. */
const MAX_AT_ONCE = 24

let running = 0

async function bounded<T>(work: () => Promise<T>): Promise<T> {
  if (running >= MAX_AT_ONCE) throw new AppError('BUSY', { retryAfterSeconds: 2 })
  running++
  try {
    return await work()
  } finally {
    running--
  }
}

/** Hashes a password with argon2id. @throws AppError BUSY */
export const hashPassword = (password: string): Promise<string> =>
  bounded(() => hash(password.normalize('NFKC'), OPTIONS))

let dummyHash: Promise<string> | undefined

/** Whether the password matches; as slow for an account that does not exist. @throws AppError BUSY */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  dummyHash ??= hash('no such account', OPTIONS)
  const against = passwordHash ?? (await dummyHash)
  const matches = await bounded(() => verify(against, password.normalize('NFKC')))
  return matches && passwordHash !== undefined
}
