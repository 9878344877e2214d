import Taro from '@tarojs/taro'
import { pictureUrl } from '../../kit/pictures.ts'
import { type Brush, drawPoster as draw, POSTER_HEIGHT, POSTER_WIDTH, type Sized } from '../../model/poster.ts'
import type { Platform } from '../port.ts'
import { absolute } from './send.ts'

type Picture = Taro.Image

/** Draws on an offscreen canvas; the answer is a temporary file. */
export const drawPoster: Platform['drawPoster'] = async (poster) => {
  const canvas = Taro.createOffscreenCanvas({ type: '2d', width: POSTER_WIDTH, height: POSTER_HEIGHT })
  const brush = canvas.getContext('2d') as unknown as Brush<Picture>
  const load = (url: string) =>
    new Promise<Sized<Picture> | undefined>((done) => {
      const image = (canvas as unknown as { createImage(): Picture }).createImage()
      image.onload = () => done({ image, width: image.width, height: image.height })
      image.onerror = () => done(undefined)
      image.src = absolute(url)
    })
  const [picture, code] = await Promise.all([
    poster.pictureUrl === null ? undefined : load(pictureUrl(poster.pictureUrl, 800)),
    poster.miniCodeUrl === null ? undefined : load(poster.miniCodeUrl),
  ])
  draw(brush, poster, picture, code)
  const { tempFilePath } = await Taro.canvasToTempFilePath({
    canvas: canvas as unknown as Taro.Canvas,
    fileType: 'jpg',
    quality: 0.9,
  })
  return tempFilePath
}

export const savePicture: Platform['savePicture'] = async (picture) => {
  await Taro.saveImageToPhotosAlbum({ filePath: picture })
}
