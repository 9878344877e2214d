import { ApiError } from '@zhanggui/contract/client'
import type { PickedFile, Platform } from '../port.ts'

const ACCEPT = { picture: 'image/jpeg,image/png,image/webp,image/gif', video: 'video/mp4' } as const
const UPLOAD_TIMEOUT_MS = 120_000

export const pickFiles: Platform['pickFiles'] = (kind, most) =>
  new Promise((done) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = ACCEPT[kind]
    input.multiple = kind === 'picture' && most > 1
    input.hidden = true
    input.dataset.testid = 'file-input'
    const finish = (files: PickedFile[]) => {
      input.remove()
      done(files)
    }
    input.addEventListener('change', () =>
      finish([...(input.files ?? [])].slice(0, most).map((file) => ({ name: file.name, content: file }))),
    )
    input.addEventListener('cancel', () => finish([]))
    document.body.append(input)
    input.click()
  })

export async function uploadFile<T>(url: string, { name, content }: PickedFile): Promise<T> {
  const body = new FormData()
  body.append('file', content as Blob, name)
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      credentials: 'same-origin',
      signal: AbortSignal.timeout?.(UPLOAD_TIMEOUT_MS) ?? null,
    })
  } catch (error) {
    throw new ApiError(0, undefined, error)
  }
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  const json = isJson ? await response.json() : undefined
  if (!response.ok) throw new ApiError(response.status, json?.error)
  return json as T
}

/** A dialog whose pictures snap into place; a tap beside them or Escape closes it. */
export const previewPictures: Platform['previewPictures'] = (urls, index) => {
  const dialog = document.createElement('dialog')
  dialog.className = 'zg-preview'
  dialog.setAttribute('aria-label', '查看图片')
  for (const url of urls) {
    const slide = document.createElement('div')
    slide.className = 'zg-preview-slide'
    const image = document.createElement('img')
    image.src = `${url}?w=1080`
    image.alt = ''
    slide.append(image)
    dialog.append(slide)
  }
  const close = document.createElement('button')
  close.className = 'zg-preview-close'
  close.textContent = '×'
  close.setAttribute('aria-label', '关闭')
  dialog.append(close)
  dialog.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  dialog.scrollTo({ left: index * dialog.clientWidth, behavior: 'instant' })
}
