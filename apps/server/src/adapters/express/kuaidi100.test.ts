import { expect, test } from 'vitest'
import { createKuaidi100, md5 } from './kuaidi100.ts'

const express = createKuaidi100({ baseUrl: 'http://127.0.0.1:1', key: 'k', customer: 'c', timeoutMs: 200 })
const push = (state: string, data: object[], status = 'polling') =>
  JSON.stringify({ status, message: '', lastResult: { com: 'shunfeng', nu: 'SF1', state, ischeck: '0', data } })
const signed = (param: string, salt: string) => new URLSearchParams({ sign: md5(param + salt), param }).toString()

test('ORD-04 a push is taken only when it is signed with the salt of its parcel', () => {
  const param = push('5', [{ context: '派送中', time: '2026-11-11 09:30:00', statusCode: '5' }])
  expect(express.readCallback(signed(param, 'salt'), 'salt')).toEqual({
    company: 'shunfeng',
    number: 'SF1',
    state: 'delivering',
    isOver: false,
    events: [{ at: '2026-11-11T01:30:00.000Z', text: '派送中', state: 'delivering', area: '' }],
  })
  for (const body of [
    signed(param, 'other'),
    `param=${encodeURIComponent(param)}`,
    signed(param, 'salt').replace('SF1', 'SF2'),
  ])
    expect(() => express.readCallback(body, 'salt')).toThrow(expect.objectContaining({ fault: 'signature' }))
})

test('ORD-04 states by number, by word, and in doubt in transit; what has no time is left out', () => {
  const param = push('3', [
    { context: '已签收', time: '2026-11-12 10:00:00', statusCode: '301' },
    { context: '拒收', time: '2026-11-12 09:00:00', status: '拒签' },
    { context: '到达', time: '2026-11-12 08:00:00' },
    { context: '无时间', time: '昨天' },
  ])
  const news = express.readCallback(signed(param, 's'), 's')
  expect(news.state).toBe('signed')
  expect(news.events.map((event) => event.state)).toEqual(['signed', 'problem', 'in-transit'])
  expect(express.readCallback(signed(push('3', [], 'shutdown'), 's'), 's').isOver).toBe(true)
})

test('ORD-04 a carrier nobody follows is unsupported; a service that is away is worth asking again', async () => {
  const callback = { url: 'https://shop.example/x', salt: 's' }
  expect(await express.subscribe({ carrierCode: 'OTHER', number: '1' }, callback)).toBe('unsupported')
  await expect(express.subscribe({ carrierCode: 'SF', number: '1' }, callback)).rejects.toMatchObject({
    fault: 'network',
    retryable: true,
  })
  expect(() => express.readCallback(signed('{', 's'), 's')).toThrow(expect.objectContaining({ fault: 'malformed' }))
})
