import { pictureUrl } from '../../kit/pictures.ts'
import { drawPoster as draw, POSTER_HEIGHT, POSTER_WIDTH, type Sized } from '../../model/poster.ts'
import type { Platform } from '../port.ts'

/** Draws on a canvas. A picture that cannot be had (another site's, say) leaves its place grey. */
export const drawPoster: Platform['drawPoster'] = async (poster) => {
  const canvas = document.createElement('canvas')
  canvas.width = POSTER_WIDTH
  canvas.height = POSTER_HEIGHT
  const brush = canvas.getContext('2d')
  if (!brush) throw new Error('这个浏览器画不了海报，请复制链接分享')
  draw<CanvasImageSource>(
    brush,
    poster,
    poster.pictureUrl === null ? undefined : await load(pictureUrl(poster.pictureUrl, 800)),
  )
  return canvas.toDataURL('image/jpeg', 0.9)
}

function load(url: string): Promise<Sized<CanvasImageSource> | undefined> {
  return new Promise((done) => {
    const image = new Image()
    image.crossOrigin = 'anonymous'
    image.onload = () => done({ image, width: image.naturalWidth, height: image.naturalHeight })
    image.onerror = () => done(undefined)
    image.src = url
  })
}

export const savePicture: Platform['savePicture'] = async (picture, name) => {
  const link = document.createElement('a')
  link.href = picture
  link.download = `${name}.jpg`
  link.click()
}
