import { expect, test } from 'vitest'
import { box, columns, table } from './box.ts'

test('SYS-01 the launcher’s frame stays straight around Chinese', () => {
  expect(columns('掌柜 ok')).toBe(7)
  const rows = table([
    ['商城', '/'],
    ['docs', '/docs'],
  ])
  expect(rows).toEqual(['商城  /', 'docs  /docs'])
  const widths = box(['掌柜已就绪,Zhanggui', '', ...rows])
    .split('\n')
    .map(columns)
  expect(new Set(widths).size).toBe(1)
})
