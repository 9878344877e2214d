import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleVideo } from './testing-video.ts'
import { readVideo } from './video-info.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'video-info-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function read(content: Buffer) {
  const file = path.join(folder, 'video.mp4')
  await writeFile(file, content)
  return readVideo(file)
}

test('CAT-03 duration, size and codec are read from the file itself, wherever its index stands', async () => {
  const video = { durationMs: 61_500, width: 1080, height: 1920, codec: 'avc1' }
  expect(await read(sampleVideo({ seconds: 61.5 }))).toEqual(video)
  expect(await read(sampleVideo({ seconds: 61.5, indexLast: true }))).toEqual(video)
  expect(await read(sampleVideo({ seconds: 1, codec: 'hvc1' }))).toMatchObject({ codec: 'hvc1' })
})

test('CAT-03 a video that was filmed upright is as high as it is seen', async () => {
  const turned = sampleVideo({ seconds: 3, width: 1920, height: 1080, isTurned: true })
  expect(await read(turned)).toMatchObject({ width: 1080, height: 1920 })
})

test('CAT-03 what is cut off or damaged is no video, and nothing breaks', async () => {
  const whole = sampleVideo({ seconds: 5 })
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: whole.length }),
      fc.array(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 })), { maxLength: 6 }),
      async (end, changes) => {
        const content = Buffer.from(whole.subarray(0, end))
        for (const [at, value] of changes) if (at < content.length) content[at] = value
        const video = await read(content)
        expect(video === undefined || Number.isFinite(video.durationMs)).toBe(true)
      },
    ),
    { numRuns: 150 },
  )
})
