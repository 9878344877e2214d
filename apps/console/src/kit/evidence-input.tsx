import { PaperClipOutlined } from '@ant-design/icons'
import { MAX_EVIDENCE } from '@zhanggui/contract'
import { Button } from 'antd'
import { useRef } from 'react'
import { t } from '../i18n/index.ts'
import { type UploadRoute, useUploads } from './use-uploads.ts'

const ACCEPTED = 'image/png,image/jpeg,image/webp,video/mp4'
const THUMB_PX = 56

export interface EvidenceFile {
  fileId: string
  url: string
  kind: string
}

interface Props {
  id?: string
  /** A part of a form: what has been uploaded, in order. */
  value?: readonly EvidenceFile[]
  onChange?: (files: EvidenceFile[]) => void
  route: UploadRoute
  most?: number
  label: string
  /** Pictures alone. */
  picturesOnly?: boolean
}

/** Pictures and videos that prove something: chosen, uploaded at once, and taken away again. */
export function EvidenceInput({
  id,
  value = [],
  onChange,
  route,
  most = MAX_EVIDENCE,
  label,
  picturesOnly = false,
}: Props) {
  const input = useRef<HTMLInputElement>(null)
  // An upload takes a while: others may have arrived meanwhile.
  const latest = useRef(value)
  latest.current = value
  const { pending, send } = useUploads(({ fileId, url, kind }) => {
    if (latest.current.some((each) => each.fileId === fileId)) return
    latest.current = [...latest.current, { fileId, url, kind }].slice(0, most)
    onChange?.([...latest.current])
  }, route)
  const room = most - value.length - pending.length
  return (
    <div className="review-pictures evidence" id={id}>
      {value.map(({ fileId, url, kind }) => (
        <span key={fileId} className="evidence-one">
          {kind === 'video' ? (
            <video src={url} width={THUMB_PX} height={THUMB_PX} preload="none">
              <track kind="captions" />
            </video>
          ) : (
            <img src={`${url}?w=200`} width={THUMB_PX} height={THUMB_PX} alt={label} />
          )}
          <Button
            size="small"
            type="text"
            aria-label={t('evidence.remove', { label })}
            onClick={() => onChange?.(value.filter((each) => each.fileId !== fileId))}
          >
            ×
          </Button>
        </span>
      ))}
      {pending.map(({ key, name, share }) => (
        <span key={key} className="faint small" title={name}>
          {Math.round(share * 100)}%
        </span>
      ))}
      {room > 0 && (
        <Button icon={<PaperClipOutlined />} onClick={() => input.current?.click()}>
          {label}
        </Button>
      )}
      <input
        ref={input}
        type="file"
        className="file-input"
        multiple={most > 1}
        accept={picturesOnly ? ACCEPTED.replace(',video/mp4', '') : ACCEPTED}
        aria-label={label}
        tabIndex={-1}
        onChange={(event) => {
          void send([...(event.target.files ?? [])].slice(0, room))
          event.target.value = ''
        }}
      />
    </div>
  )
}

/** What a route takes of them. */
export const fileIdsOf = (files: readonly EvidenceFile[]): string[] => files.map(({ fileId }) => fileId)
