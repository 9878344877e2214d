import Taro from '@tarojs/taro'
import { ApiError } from '@zhanggui/contract/client'
import type { PickedFile, Platform } from '../port.ts'
import { absolute, identity } from './send.ts'

const UPLOAD_TIMEOUT_MS = 120_000
const LONGEST_VIDEO_SECONDS = 30

export const pickFiles: Platform['pickFiles'] = async (kind, most) => {
  try {
    const { tempFiles } = await Taro.chooseMedia({
      count: kind === 'video' ? 1 : most,
      mediaType: [kind === 'video' ? 'video' : 'image'],
      sizeType: ['compressed'],
      maxDuration: LONGEST_VIDEO_SECONDS,
    })
    return tempFiles.map(({ tempFilePath }) => ({
      name: tempFilePath.split('/').at(-1) ?? 'file',
      content: tempFilePath,
    }))
  } catch {
    // closed, or not allowed: nothing was chosen
    return []
  }
}

export async function uploadFile<T>(url: string, { content }: PickedFile): Promise<T> {
  const answer = await Taro.uploadFile({
    url: absolute(url),
    filePath: content as string,
    name: 'file',
    header: identity(),
    timeout: UPLOAD_TIMEOUT_MS,
  }).catch((error: unknown) => {
    throw new ApiError(0, undefined, error)
  })
  const json = readJson(answer.data)
  if (answer.statusCode < 200 || answer.statusCode >= 300)
    throw new ApiError(answer.statusCode, (json as { error?: never } | undefined)?.error)
  return json as T
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const previewPictures: Platform['previewPictures'] = (urls, index) => {
  const full = urls.map((url) => absolute(`${url}?w=1080`))
  void Promise.resolve(Taro.previewImage({ urls: full, current: full[index] ?? '' })).catch(() => undefined)
}
