import { expect, test } from 'vitest'
import { createIconInliner } from './inline-icons.ts'

const icon = (id: string, more = 'loading="eager"', sizes = '52px') =>
  `<img class="zg-image" src="/files/${id}?w=400" srcset="/files/${id}?w=200 200w" sizes="${sizes}" alt="" ${more}>`

test('UX-01 small pictures in sight are part of the document; wide, later, foreign and unreadable ones keep their address', async () => {
  const asked: string[] = []
  const inline = createIconInliner(async (url) => {
    asked.push(url)
    if (url.includes('gone')) return undefined
    if (url.includes('broken')) throw new Error('no storage')
    return { type: 'image/webp', bytes: Buffer.alloc(url.includes('heavy') ? 5000 : 3, 1) }
  })
  const rest = [
    icon('wide', 'loading="eager"', '124px'),
    icon('later', 'loading="lazy"'),
    icon('gone'),
    icon('broken'),
    icon('heavy'),
    '<img src="https://elsewhere.example/a.png" sizes="52px" loading="eager">',
  ].join('')
  const html = `<div>${icon('tea')}${rest}</div>`
  const expected = `<div><img class="zg-image" src="data:image/webp;base64,AQEB" sizes="52px" alt="" loading="eager">${rest}</div>`
  expect(await inline(html)).toBe(expected)
  expect(await inline(html)).toBe(expected)
  expect(asked.filter((url) => url === '/files/tea?w=100')).toHaveLength(1)
  expect(asked.filter((url) => url.includes('gone'))).toHaveLength(2)
})

test('UX-01 a page of very many small pictures does not become a document of pictures', async () => {
  const inline = createIconInliner(async () => ({ type: 'image/webp', bytes: Buffer.from('a') }))
  const html = Array.from({ length: 40 }, (_, i) => icon(`n${i}`)).join('')
  expect((await inline(html)).match(/src="data:/g)).toHaveLength(12)
})
