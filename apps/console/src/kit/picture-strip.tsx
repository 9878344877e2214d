import { Image } from 'antd'
import type { ReactNode } from 'react'

interface Props {
  files: readonly { fileId: string; url: string; kind?: string }[]
  alt: string
  /** Pixels of a side. */
  size?: number
  children?: ReactNode
}

const THUMB_PX = 56

/** Small pictures, and films, side by side; a picture is looked at large, with the others beside it. */
export const PictureStrip = ({ files, alt, size = THUMB_PX, children }: Props) => (
  <span className="review-pictures">
    <Image.PreviewGroup>
      {files.map(({ fileId, url, kind }) =>
        kind === 'video' ? (
          <Film key={fileId} url={url} size={size} />
        ) : (
          <Image
            key={fileId}
            src={`${url}?w=${size > 100 ? 400 : 200}`}
            preview={{ src: `${url}?w=1080` }}
            width={size}
            height={size}
            alt={alt}
          />
        ),
      )}
    </Image.PreviewGroup>
    {children}
  </span>
)

export const Film = ({ url, size = THUMB_PX }: { url: string; size?: number }) => (
  <video src={url} width={size * 2} height={size} controls preload="none">
    <track kind="captions" />
  </video>
)
