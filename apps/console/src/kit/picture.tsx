import type { Picture } from '@zhanggui/contract'

/** The address of a picture's variant of about `width` pixels. */
export const variantUrl = (picture: Pick<Picture, 'url'>, width: 200 | 400 | 800): string =>
  `${picture.url}${picture.url.includes('?') ? '&' : '?'}w=${width}`

/** A small picture, or an empty frame of the same size. */
export function Thumb({ picture, size = 44 }: { picture: Picture | null | undefined; size?: number }) {
  return (
    <span className="thumb" style={{ width: size, height: size }}>
      {picture && (
        <img src={variantUrl(picture, size > 120 ? 400 : 200)} alt="" width={size} height={size} loading="lazy" />
      )}
    </span>
  )
}
