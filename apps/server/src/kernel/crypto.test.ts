import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createVault, equalInConstantTime, hashToken, randomToken, VaultError } from './crypto.ts'

const OLD = 'a'.repeat(64)
const NEW = Buffer.alloc(32, 7).toString('base64')

test('GOV-08 what a vault seals it opens again, and only in the same context', () => {
  const vault = createVault(OLD)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
      const sealed = vault.encrypt(plain, context)
      expect(vault.decrypt(sealed, context)).toBe(plain.toWellFormed())
      expect(() => vault.decrypt(sealed, `${context}x`)).toThrow(VaultError)
      expect(vault.encrypt(plain, context)).not.toBe(sealed)
    }),
  )
})

test('GOV-08 a sealed text that was changed anywhere is refused', () => {
  const vault = createVault(OLD)
  const sealed = vault.encrypt('13812345678')
  expect(sealed).not.toContain('138')
  for (let i = 0; i < sealed.length - 1; i++) {
    const changed = sealed.slice(0, i) + (sealed[i] === 'A' ? 'B' : 'A') + sealed.slice(i + 1)
    expect(() => vault.decrypt(changed)).toThrow(VaultError)
  }
  for (const text of ['', 'v1', 'v1.x.y', `${sealed}.z`]) expect(() => vault.decrypt(text)).toThrow(VaultError)
})

test('GOV-08 keys rotate: the newest seals, older ones still open, look-up hashes stay', () => {
  const before = createVault(OLD)
  const during = createVault([NEW, OLD])
  const after = createVault([NEW])
  const old = before.encrypt('secret')
  expect(during.decrypt(old)).toBe('secret')
  expect(during.isStale(old)).toBe(true)
  const renewed = during.encrypt('secret')
  expect(during.isStale(renewed)).toBe(false)
  expect(after.decrypt(renewed)).toBe('secret')
  expect(() => after.decrypt(old)).toThrow('not in this vault')
  expect(() => before.decrypt(renewed)).toThrow('not in this vault')
  expect(during.phoneIndex('13812345678')).toBe(before.phoneIndex('13812345678'))
})

test('ACC-03 one phone has one index however it is written, and nobody can compute it without the key', () => {
  const vault = createVault(OLD)
  const index = vault.phoneIndex('13812345678')
  for (const same of ['+86 138-1234-5678', '8613812345678', '008613812345678', '138 1234 5678', '１３８12345678'])
    expect(vault.phoneIndex(same)).toBe(index)
  expect(vault.phoneIndex('13812345679')).not.toBe(index)
  expect(createVault(NEW).phoneIndex('13812345678')).not.toBe(index)
})

test('SYS-01 keyed hashes are kept apart by purpose and compared safely; tokens are long and stored hashed', () => {
  const vault = createVault(OLD)
  const mac = vault.hmac('cookie', 'value')
  expect(vault.verifyHmac('cookie', 'value', mac)).toBe(true)
  expect(vault.verifyHmac('other', 'value', mac)).toBe(false)
  expect(vault.verifyHmac('cookie', 'value', '')).toBe(false)
  expect(equalInConstantTime('a', 'a')).toBe(true)
  expect(equalInConstantTime('a', 'ab')).toBe(false)
  const tokens = new Set(Array.from({ length: 100 }, () => randomToken()))
  expect(tokens.size).toBe(100)
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/)
  expect(hashToken('x')).toMatch(/^[0-9a-f]{64}$/)
  expect(() => createVault('short')).toThrow('32 bytes')
})
