import { hash, verify } from '@node-rs/argon2'

// OWASP's first choice for argon2id; about 30 ms on one core.
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), OPTIONS)

let dummyHash: Promise<string> | undefined

/** Whether the password matches; as slow for an account that does not exist. */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  if (passwordHash !== undefined) return verify(passwordHash, password.normalize('NFKC'))
  dummyHash ??= hashPassword('no such account')
  await verify(await dummyHash, password.normalize('NFKC'))
  return false
}
