import type { Client } from '@zhanggui/contract/client'
import { expect, test } from 'vitest'
import { tellArrival } from './account-code.ts'

test('ACC-01 only an account’s code is told, and a failure stays with us', async () => {
  const told: unknown[] = []
  const api = (async (_: string, { body }: { body: { code: string } }) => {
    told.push(body.code)
    throw new Error('away')
  }) as unknown as Client
  for (const from of [undefined, 'aB3dEf9hJk', 'friend', 'ca-', 'ca-ABC!', 'ca-abcde23456'])
    await tellArrival(api, 's', from)
  expect(told).toEqual(['ca-abcde23456'])
})
