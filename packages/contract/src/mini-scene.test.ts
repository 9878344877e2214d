import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeScene, encodePageScene, encodeScene, SCENE_LENGTH } from './mini-scene.ts'

const source = fc.stringMatching(/^[0-9A-Za-z]{0,8}$/)

test('UX-05 a mini program code leads back to the thing it was made for, within what WeChat allows', () => {
  fc.assert(
    fc.property(fc.uuid(), source, (id, from) => {
      const scene = encodeScene('d', id, from)
      expect(scene.length).toBeLessThanOrEqual(SCENE_LENGTH)
      expect(scene).toMatch(/^[0-9a-zA-Z!#$&'()*+,/:;=?@\-._~]+$/)
      const read = { page: 'detail', params: { id }, source: from }
      expect(decodeScene(scene)).toEqual(read)
      expect(decodeScene(encodeURIComponent(scene))).toEqual(read)
    }),
  )
})

test('UX-02 a code leads to a designed page by its slug; what does not fit into one is refused', () => {
  const slug = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/)
  fc.assert(
    fc.property(slug, source, (name, from) => {
      const scene = encodePageScene(name, from)
      expect(scene.length).toBeLessThanOrEqual(SCENE_LENGTH)
      expect(decodeScene(encodeURIComponent(scene))).toEqual({ page: 'page', params: { slug: name }, source: from })
    }),
  )
  expect(() => encodePageScene('a'.repeat(32))).toThrow(TypeError)
  expect(() => encodePageScene('Mid Autumn')).toThrow(TypeError)
  expect(decodeScene(`p${'a'.repeat(32)}`)).toBeUndefined()
})

test('UX-05 a code of somebody else leads nowhere', () => {
  expect(decodeScene('')).toBeUndefined()
  expect(decodeScene('%E0%A4%A')).toBeUndefined()
  expect(decodeScene('x0123456789012345678901')).toBeUndefined()
  expect(decodeScene(`d${'_'.repeat(22)}`)).toBeUndefined()
  expect(() => encodeScene('d', '1')).toThrow(TypeError)
  expect(() => encodeScene('d', '01890a5d-ac96-774b-bcce-b302099a8000', 'too long a source')).toThrow(TypeError)
})
