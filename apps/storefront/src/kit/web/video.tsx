import type { JSX } from 'preact'
import { pictureUrl } from '../pictures.ts'
import type { VideoProps } from '../types.ts'

const POSTER_PX = 800

/** A film that plays when somebody asks for it, in the page. Nothing but its length is fetched before. */
export const Video = ({ video, poster, className, label }: VideoProps): JSX.Element => (
  <video
    class={className}
    src={video.url}
    poster={poster ? pictureUrl(poster.url, POSTER_PX) : undefined}
    aria-label={label}
    controls
    playsInline
    preload="none"
    {...(video.width && video.height ? { width: video.width, height: video.height } : {})}
  />
)
