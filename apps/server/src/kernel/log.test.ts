import { expect, test } from 'vitest'
import { createLogger, type Logger } from './log.ts'

function capture(write: (log: Logger) => void): Record<string, unknown>[] {
  const lines: string[] = []
  write(
    createLogger({ level: 'debug', base: { role: 'api' }, destination: { write: (line) => void lines.push(line) } }),
  )
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('SYS-03 a log line is JSON with an ISO time, a level in words and its fields', () => {
  const [line] = capture((log) => log.info({ requestId: 'r1', durationMs: 12 }, 'done'))
  expect(line).toMatchObject({ level: 'info', role: 'api', requestId: 'r1', durationMs: 12, msg: 'done' })
  expect(line!.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
})

test('GOV-08 planted secrets reach no log line by any way of logging', () => {
  const failure = new Error('no answer for 13812345678', { cause: new Error('Bearer abcdef.ghijkl') })
  const lines = capture((log) => {
    log.info('call 13812345678 with Bearer abcdef.ghijkl')
    log.info('call %s', '13812345678')
    log.info('call %o', { phone: '13812345678' })
    log.warn({ phone: '13812345678', nested: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', password: 'hunter2' } }, 'x')
    log.error(failure)
    log.error({ err: failure }, 'failed for 13812345678')
    log.error({ error: failure, req: { headers: { authorization: 'Bearer abcdef.ghijkl', cookie: 'sid=hunter2' } } })
    log.child({ buyerName: '张三丰', phone: '13812345678' }).child({ token: 'hunter2' }).info('hello')
    log.info({
      req: { method: 'GET', url: '/x?token=hunter2', ip: '127.0.0.1', raw: 'hunter2' },
      res: { statusCode: 200 },
    })
    log.debug([{ token: 'hunter2' }] as unknown as object)
  })
  expect(lines).toHaveLength(10)
  const text = JSON.stringify(lines)
  for (const secret of ['13812345678', 'abcdef.ghijkl', 'hunter2', 'oUpF8uMuAJO', '张三丰'])
    expect(text).not.toContain(secret)
  expect(text).toContain('138****5678')
  expect(lines[4]).toMatchObject({ err: { type: 'Error', message: 'no answer for 138****5678' } })
})
