import { PICTURE_KINDS, type PictureKind } from '@zhanggui/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kindOf, plainContentFields, settleContent } from '../content.ts'
import type { ProductRecord } from '../types.ts'
import { planMedia, withMedia } from './plan-media.ts'
import { KIND_FIELDS, type ParsedRow } from './rows.ts'

const FILES = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6']
const url = (id: string) => `/files/${id}`
const known = (source: string) => (source.startsWith('/files/') ? source.slice('/files/'.length) : undefined)
const KNOWN = { knownImage: known, knownVideo: known }
const NONE = { knownImage: () => undefined, knownVideo: () => undefined }

const product = fc
  .record({
    pictures: fc.shuffledSubarray(FILES),
    kinds: fc.array(fc.constantFrom(...PICTURE_KINDS), { minLength: 6, maxLength: 6 }),
    video: fc.option(fc.constant('v1')),
  })
  .map(({ pictures, kinds, video }) => {
    const pictureKinds = Object.fromEntries(pictures.map((id, i) => [id, kinds[i]!]))
    const content = { ...plainContentFields().content, pictureKinds, videoFileId: video }
    return settleContent(null, {
      ...plainContentFields(),
      id: 'p',
      detail: '',
      detailPictures: [],
      pictures,
      content,
    } as never)
  })

/** The cells of an export, as they are read back. */
function rowOf({ pictures, content }: ProductRecord): ParsedRow {
  const kindImages = Object.fromEntries(
    (Object.keys(KIND_FIELDS) as PictureKind[])
      .map((kind) => [kind, pictures.filter((id) => kindOf(content, id) === kind).map(url)] as const)
      .filter(([, urls]) => urls.length > 0),
  )
  return {
    line: 2,
    options: [],
    ...(pictures.length > 0 ? { images: pictures.map(url) } : {}),
    ...(Object.keys(kindImages).length > 0 ? { kindImages } : {}),
    ...(content.videoFileId === null ? {} : { video: url(content.videoFileId) }),
  }
}

test('CAT-01 what is exported of pictures, their kinds and the video changes nothing when it is imported', () => {
  fc.assert(
    fc.property(product, (before) => {
      const after = structuredClone(before)
      expect(planMedia(after, [rowOf(before)], KNOWN)).toBeUndefined()
      expect(settleContent(before, after)).toEqual(before)
    }),
  )
})

test('CAT-01 what must be fetched first leaves the product alone, and comes to the same afterwards', () => {
  fc.assert(
    fc.property(product, product, (before, wanted) => {
      const row = rowOf(wanted)
      const waiting = structuredClone(before)
      const media = planMedia(waiting, [row], NONE)
      expect(waiting).toEqual(before)
      const atOnce = structuredClone(before)
      planMedia(atOnce, [row], KNOWN)
      if (media === undefined) {
        expect(atOnce).toEqual(before)
        return
      }
      const held = media.sources.map(({ source, kind, fileId }) => ({ kind, fileId: fileId ?? known(source)! }))
      expect(settleContent(before, withMedia(before, held))).toEqual(settleContent(before, atOnce))
    }),
  )
})

test('CAT-01 a column of a kind adds its pictures behind those there are, and takes the kind from the others', () => {
  const content = { ...plainContentFields().content, pictureKinds: { p1: 'white' as const } }
  const before = { ...plainContentFields(), id: 'p', pictures: ['p1', 'p2'], content } as unknown as ProductRecord
  planMedia(before, [{ line: 2, options: [], kindImages: { white: [url('p3')], scene: [url('p2')] } }], KNOWN)
  expect(before.pictures).toEqual(['p1', 'p2', 'p3'])
  expect(['p1', 'p2', 'p3'].map((id) => kindOf(before.content, id))).toEqual(['main', 'scene', 'white'])
})
