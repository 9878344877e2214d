/** Widths in which the server keeps each picture. */
const VARIANTS = [200, 400, 800, 1080]

const variant = (url: string, width: number) => `${url}${url.includes('?') ? '&' : '?'}w=${width}`

/** Address of one variant, for targets that choose the width themselves. */
export const pictureUrl = (url: string, width: 200 | 400 | 800 | 1080): string =>
  isOurs(url) ? variant(url, width) : url

/** Only files of the shop have variants; a picture from elsewhere is taken as it is. */
const isOurs = (url: string) => url.startsWith('/') && !url.startsWith('//')

/** `src` and `srcset` of a picture, so that the browser takes the smallest variant that is sharp. */
export function pictureSource(url: string): { src: string; srcSet: string | undefined } {
  if (!isOurs(url)) return { src: url, srcSet: undefined }
  return { src: variant(url, 400), srcSet: VARIANTS.map((width) => `${variant(url, width)} ${width}w`).join(', ') }
}
