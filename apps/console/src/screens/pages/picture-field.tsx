import { DeleteOutlined, PictureOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { type ClipboardEvent, type DragEvent, useRef, useState } from 'react'
import { t } from '../../i18n/index.ts'
import { variantUrl } from '../../kit/upload.tsx'
import { useUploads } from '../products/media/use-uploads.ts'
import { useEditing } from './fields.tsx'

const ACCEPTED = 'image/png,image/jpeg,image/webp,image/gif,image/avif'

interface Props {
  fileId: string | null | undefined
  onChange: (fileId: string | null) => void
  label: string
  /** Offered where a picture may be left out. */
  isOptional?: boolean
  size?: 'small' | 'wide'
}

/** One picture of a block: chosen, dropped or pasted. */
export function PictureField({ fileId, onChange, label, isOptional = false, size = 'wide' }: Props) {
  const { pictures, addPicture, isWritable } = useEditing()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  // the upload takes a while: what it is for may have changed meanwhile
  const latest = useRef(onChange)
  latest.current = onChange
  const { pending, send } = useUploads(({ fileId: id, url, width, height }) => {
    addPicture({ fileId: id, url, width, height })
    latest.current(id)
  })
  const take = (files: Iterable<File>) => {
    const file = [...files].find(({ type }) => type.startsWith('image/'))
    if (file && isWritable) void send([file])
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
  const picture = fileId ? pictures.get(fileId) : undefined
  return (
    <div className={`design-picture ${size}`}>
      <button
        type="button"
        className={`design-picture-room${isOver ? ' over' : ''}`}
        aria-label={picture ? t('design.pictureChange', { label }) : t('design.pictureAdd', { label })}
        disabled={!isWritable}
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
            {size === 'wide' && <span>{fileId ? t('design.pictureGone') : t('design.pictureHint')}</span>}
          </span>
        )}
      </button>
      {fileId && isOptional && isWritable && (
        <Button
          className="design-picture-away"
          size="small"
          icon={<DeleteOutlined />}
          aria-label={t('design.pictureRemove', { label })}
          onClick={() => onChange(null)}
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
