import { type JSX, useState } from '@hooks'
import { Icon, Image, Tap, Text, View } from '@kit'
import { pickFiles, toast, uploadFile } from '@platform'
import type { Picture } from '@zhanggui/contract'
import { routeUrl } from '@zhanggui/contract/client'
import { useApp } from '../app.ts'
import { messageOf } from './use-act.ts'
import './reviews.css'

export const MOST_PICTURES = 9

interface MediaPickerProps {
  pictures: readonly Picture[]
  onPictures: (pictures: Picture[]) => void
  /** Where the files go; what belongs to a review unless told. */
  upload?: 'buyer.uploadReviewMedia' | 'aftersale.upload' | 'personalCode.upload'
  /** Without it, no video can be added. */
  video?: { file: Picture | null; onChange: (file: Picture | null) => void }
}

/** Pictures, and a video, for a review or as evidence: chosen, sent, taken away again. */
export function MediaPicker({
  pictures,
  onPictures,
  video,
  upload = 'buyer.uploadReviewMedia',
}: MediaPickerProps): JSX.Element {
  const { shop } = useApp()
  const [sending, setSending] = useState(0)
  const send = async (kind: 'picture' | 'video', most: number): Promise<Picture[]> => {
    const files = await pickFiles(kind, most)
    setSending(files.length)
    const kept: Picture[] = []
    try {
      for (const file of files) {
        kept.push(await uploadFile<Picture>(routeUrl(upload, { params: { shopId: shop.id } }), file))
        setSending((count) => count - 1)
      }
    } catch (error) {
      toast(messageOf(error), 'bad')
    }
    setSending(0)
    return kept
  }
  const addPictures = async () => {
    const kept = await send('picture', MOST_PICTURES - pictures.length)
    const known = new Set(pictures.map(({ fileId }) => fileId))
    onPictures([...pictures, ...kept.filter(({ fileId }) => !known.has(fileId))])
  }
  const addVideo = async () => {
    const [file] = await send('video', 1)
    if (file) video?.onChange(file)
  }
  return (
    <View className="zg-media">
      {pictures.map((picture) => (
        <View className="zg-media-item" key={picture.fileId}>
          <Image picture={picture} alt="要上传的图片" sizes="84px" />
          <Tap
            className="zg-media-away"
            label="去掉这张图"
            onTap={() => onPictures(pictures.filter(({ fileId }) => fileId !== picture.fileId))}
          >
            <Icon name="close" />
          </Tap>
        </View>
      ))}
      {sending > 0 && <View className="zg-media-add">上传中…</View>}
      {pictures.length < MOST_PICTURES && sending === 0 && (
        <Tap className="zg-media-add" testId="add-picture" onTap={() => void addPictures()}>
          <Icon name="picture" />
          <Text>
            图片 {pictures.length}/{MOST_PICTURES}
          </Text>
        </Tap>
      )}
      {video &&
        sending === 0 &&
        (video.file ? (
          <Tap className="zg-media-add" label="去掉视频" onTap={() => video.onChange(null)}>
            <Icon name="check" />
            <Text>视频已选，点此去掉</Text>
          </Tap>
        ) : (
          <Tap className="zg-media-add" testId="add-video" onTap={() => void addVideo()}>
            <Icon name="plus" />
            <Text>视频</Text>
          </Tap>
        ))}
    </View>
  )
}
