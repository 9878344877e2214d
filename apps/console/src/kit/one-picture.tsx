import { DeleteOutlined, PictureOutlined } from '@ant-design/icons'
import type { Picture } from '@zhanggui/contract'
import { Button, Progress } from 'antd'
import { type ClipboardEvent, type DragEvent, useRef, useState } from 'react'
import { t } from '../i18n/index.ts'
import { useIsPhone } from './media.ts'
import { variantUrl } from './picture.tsx'
import { useUploads } from './use-uploads.ts'

const ACCEPTED = 'image/png,image/jpeg,image/webp,image/gif,image/avif'

interface Props {
  /** Undefined where there is none, or none any more. */
  picture: Picture | undefined
  onPicture: (picture: Picture) => void
  /** Offered where a picture may be left out. */
  onRemove?: (() => void) | undefined
  /** What the picture is, for its buttons. */
  label: string
  /** Instead of the usual words where there is no picture. */
  hint?: string
  disabled: boolean
  size?: 'small' | 'wide'
}

/** One picture: chosen, dropped or pasted. */
export function OnePicture({ picture, onPicture, onRemove, label, hint, disabled, size = 'wide' }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const phone = useIsPhone()
  const [isOver, setOver] = useState(false)
  // the upload takes a while: what it is for may have changed meanwhile
  const latest = useRef(onPicture)
  latest.current = onPicture
  const { pending, send } = useUploads(({ fileId, url, width, height }) =>
    latest.current({ fileId, url, width, height }),
  )
  const take = (files: Iterable<File>) => {
    const file = [...files].find(({ type }) => type.startsWith('image/'))
    if (file && !disabled) void send([file])
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    take(event.clipboardData.files)
  }
  const words = size === 'wide' ? (hint ?? t(phone ? 'design.pictureTap' : 'design.pictureHint')) : ''
  return (
    <div className={`design-picture ${size}`}>
      <button
        type="button"
        className={`design-picture-room${isOver ? ' over' : ''}`}
        aria-label={picture ? t('design.pictureChange', { label }) : `${t('design.pictureAdd', { label })} ${words}`}
        disabled={disabled}
        onClick={() => input.current?.click()}
        onPaste={onPaste}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        {pending.length > 0 ? (
          <Progress type="circle" size={40} percent={Math.round(pending[0]!.share * 100)} />
        ) : picture ? (
          <img src={variantUrl(picture, size === 'wide' ? 800 : 200)} alt="" />
        ) : (
          <span className="design-picture-none">
            <PictureOutlined />
            {words !== '' && <span>{words}</span>}
          </span>
        )}
      </button>
      {onRemove && !disabled && (
        <Button
          className="design-picture-away"
          size="small"
          icon={<DeleteOutlined />}
          aria-label={t('design.pictureRemove', { label })}
          onClick={onRemove}
        />
      )}
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        className="file-input"
        aria-label={label}
        tabIndex={-1}
        onChange={(event) => {
          take(event.target.files ?? [])
          event.target.value = ''
        }}
      />
    </div>
  )
}
