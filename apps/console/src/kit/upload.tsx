import { DeleteOutlined, LeftOutlined, PlusOutlined, RightOutlined } from '@ant-design/icons'
import type { Picture } from '@zhanggui/contract'
import { Button, Progress } from 'antd'
import { type ClipboardEvent, type DragEvent, type ReactNode, useRef, useState } from 'react'
import { t } from '../i18n/index.ts'
import { upload } from './api.ts'
import { useFeedback } from './feedback.tsx'
import { moveItem } from './move-item.ts'

const ACCEPTED = 'image/png,image/jpeg,image/webp,image/gif,image/avif'

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

interface Props {
  shopId: string
  value?: Picture[]
  onChange?: (pictures: Picture[]) => void
  max: number
  label: string
  disabled?: boolean
}

interface Pending {
  key: string
  share: number
}

/** Sends files one after another, with how far each is; gives each picture to `onPicture`. */
function usePictureUploads(shopId: string, onPicture: (picture: Picture) => void) {
  const { failed } = useFeedback()
  const [pending, setPending] = useState<Pending[]>([])
  const sendOne = async (file: File) => {
    const key = crypto.randomUUID()
    setPending((before) => [...before, { key, share: 0 }])
    try {
      const picture = await upload('console.uploadFile', { params: { shopId }, file, fileName: file.name }, (share) =>
        setPending((before) => before.map((each) => (each.key === key ? { key, share } : each))),
      )
      onPicture(picture)
    } catch (error) {
      failed(error)
    } finally {
      setPending((before) => before.filter((each) => each.key !== key))
    }
  }
  const send = async (files: readonly File[]) => {
    for (const file of files) await sendOne(file)
  }
  return { pending, send }
}

/** Pictures of a product: chosen, dropped or pasted; dragged, or moved with the arrows, into order. */
export function PictureUpload({ shopId, value = [], onChange, max, label, disabled }: Props) {
  const { warn } = useFeedback()
  const [dragged, setDragged] = useState<number>()
  const input = useRef<HTMLInputElement>(null)
  const latest = useRef(value)
  latest.current = value
  const change = (pictures: Picture[]) => {
    latest.current = pictures
    onChange?.(pictures)
  }
  const { pending, send } = usePictureUploads(shopId, (picture) => change([...latest.current, picture]))
  const add = (files: Iterable<File>) => {
    const pictures = [...files].filter((file) => file.type.startsWith('image/'))
    const room = Math.max(0, max - latest.current.length - pending.length)
    if (pictures.length > room) warn(t('upload.tooMany', { max }))
    void send(pictures.slice(0, room))
  }
  const onDrop = (event: DragEvent, index?: number) => {
    event.preventDefault()
    event.stopPropagation()
    if (dragged !== undefined && index !== undefined) change(moveItem(value, dragged, index))
    else add(event.dataTransfer.files)
    setDragged(undefined)
  }
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    add(event.clipboardData.files)
  }
  return (
    <section
      className="pictures"
      aria-label={label}
      onPaste={onPaste}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => onDrop(event)}
    >
      {value.map((picture, index) => (
        // The arrows below do with the keyboard what dragging does with the pointer.
        // biome-ignore lint/a11y/noStaticElementInteractions: see above
        <div
          key={picture.fileId}
          className={`picture${dragged === index ? ' dragged' : ''}`}
          draggable={!disabled}
          onDragStart={() => setDragged(index)}
          onDragEnd={() => setDragged(undefined)}
          onDrop={(event) => onDrop(event, index)}
        >
          <img src={variantUrl(picture, 200)} alt={t('upload.picture', { number: index + 1 })} />
          {index === 0 && <span className="picture-mark">{t('upload.main')}</span>}
          {!disabled && <PictureTools index={index} pictures={value} change={change} />}
        </div>
      ))}
      {pending.map((each) => (
        <div key={each.key} className="picture pending">
          <Progress type="circle" size={52} percent={Math.round(each.share * 100)} />
        </div>
      ))}
      {value.length + pending.length < max && !disabled && (
        <button type="button" className="picture picture-add" onClick={() => input.current?.click()}>
          <PlusOutlined />
          <span>{t('upload.add')}</span>
        </button>
      )}
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        multiple
        className="file-input"
        aria-label={label}
        onChange={(event) => {
          add([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </section>
  )
}

interface ToolsProps {
  index: number
  pictures: Picture[]
  change: (pictures: Picture[]) => void
}

function PictureTools({ index, pictures, change }: ToolsProps) {
  const tool = (label: string, icon: ReactNode, isOff: boolean, next: () => Picture[]) => (
    <Button size="small" type="text" icon={icon} disabled={isOff} aria-label={label} onClick={() => change(next())} />
  )
  return (
    <div className="picture-tools">
      {tool(t('upload.earlier'), <LeftOutlined />, index === 0, () => moveItem(pictures, index, index - 1))}
      {tool(t('upload.later'), <RightOutlined />, index === pictures.length - 1, () =>
        moveItem(pictures, index, index + 1),
      )}
      {tool(t('upload.remove'), <DeleteOutlined />, false, () => pictures.filter((_, at) => at !== index))}
    </div>
  )
}
