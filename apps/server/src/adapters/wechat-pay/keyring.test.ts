import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { Keyring, type PlatformCertificate } from './keyring.ts'

const DAY_MS = 86_400_000
const { publicKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const [FIRST, SECOND] = ['A'.repeat(40), 'B'.repeat(40)] as const

function certificate(serial: string, notBeforeMs = 0, notAfterMs = 10 * DAY_MS): PlatformCertificate {
  return { serial, key, notBeforeMs, notAfterMs }
}

function keyring(listed: () => PlatformCertificate[]) {
  const state = { nowMs: 0, downloads: 0, fail: false }
  const ring = new Keyring({
    now: () => state.nowMs,
    download: async () => {
      state.downloads += 1
      if (state.fail) throw new Error('no line')
      return listed()
    },
  })
  return { ring, state }
}

describe('the keyring', () => {
  test('PAY-01 many who need a key at once share one download, and several certificates are held', async () => {
    const { ring, state } = keyring(() => [certificate(FIRST), certificate(SECOND)])
    const found = await Promise.all([ring.find(FIRST), ring.find(SECOND), ring.find(FIRST.toLowerCase())])
    expect(found).toEqual([key, key, key])
    expect(state.downloads).toBe(1)
  })

  test('PAY-01 an expired certificate signs nothing any more', async () => {
    const { ring, state } = keyring(() => [certificate(FIRST)])
    expect(await ring.find(FIRST)).toBe(key)
    state.nowMs = 10 * DAY_MS
    expect(ring.known(FIRST)).toBeUndefined()
    expect(await ring.find(FIRST)).toBeUndefined()
  })

  test('PAY-01 invented serials do not make us call WeChat for each', async () => {
    const { ring, state } = keyring(() => [])
    for (let round = 0; round < 50; round += 1) await ring.find(`${round}`.padStart(40, '0'))
    for (const odd of ['', 'PUB_KEY_ID_1', '../x', 'A'.repeat(41)]) expect(await ring.find(odd)).toBeUndefined()
    expect(state.downloads).toBe(1)
    state.nowMs += 30_000
    await ring.find(SECOND)
    expect(state.downloads).toBe(2)
  })

  test('PAY-01 certificates are renewed twice a day without making anybody wait, and kept when that fails', async () => {
    let listed = [certificate(FIRST)]
    const { ring, state } = keyring(() => listed)
    await ring.find(FIRST)
    listed = [certificate(FIRST), certificate(SECOND)]
    state.nowMs = DAY_MS
    state.fail = true
    expect(await ring.find(FIRST)).toBe(key)
    expect(await ring.find(FIRST)).toBe(key)
    expect(state.downloads).toBe(2)
    state.fail = false
    state.nowMs += 30_000
    await ring.find(FIRST)
    await Promise.resolve()
    expect(state.downloads).toBe(3)
    expect(await ring.find(SECOND)).toBe(key)
    expect(state.downloads).toBe(3)
  })

  test('PAY-01 sensitive fields are encrypted for the certificate that is valid now and longest', async () => {
    const soon = certificate(FIRST, 0, 2 * DAY_MS)
    const future = certificate('C'.repeat(40), DAY_MS, 30 * DAY_MS)
    const { ring, state } = keyring(() => [soon, certificate(SECOND, 0, 3 * DAY_MS), future])
    expect((await ring.forEncryption()).serial).toBe(SECOND)
    state.nowMs = 2 * DAY_MS
    expect((await ring.forEncryption()).serial).toBe('C'.repeat(40))
    const { ring: empty } = keyring(() => [])
    await expect(empty.forEncryption()).rejects.toMatchObject({ code: 'NO_PLATFORM_CERTIFICATE' })
  })
})
