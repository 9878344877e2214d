import { Video as TaroVideo } from '@tarojs/components'
import { absolute } from '../../platform/mini/send.ts'
import { pictureUrl } from '../pictures.ts'
import type { VideoProps } from '../types.ts'

const POSTER_PX = 800

/** A film that plays when somebody asks for it, in the page. */
export const Video = ({ video, poster, className, label }: VideoProps) => (
  <TaroVideo
    className={className ?? ''}
    src={absolute(video.url)}
    {...(poster ? { poster: absolute(pictureUrl(poster.url, POSTER_PX)) } : {})}
    title={label}
    controls
    showMuteBtn
    objectFit="contain"
  />
)
