import { DeleteOutlined, PictureOutlined, PlayCircleOutlined, SwapOutlined } from '@ant-design/icons'
import type { ContentRules, ProductVideo } from '@zhanggui/contract'
import { Button, Progress } from 'antd'
import { type RefObject, useRef } from 'react'
import { t } from '../../../i18n/index.ts'
import { variantUrl } from '../../../kit/picture.tsx'
import { useUploads } from '../../../kit/use-uploads.ts'

const SECONDS_OF_MINUTE = 60

/** A length of time in words. */
export function lengthText(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < SECONDS_OF_MINUTE) return t('video.seconds', { seconds: whole })
  const [minutes, rest] = [Math.floor(whole / SECONDS_OF_MINUTE), whole % SECONDS_OF_MINUTE]
  return rest === 0 ? t('video.wholeMinutes', { minutes }) : t('video.minutes', { minutes, seconds: rest })
}

interface Props {
  value?: ProductVideo | null
  onChange?: (video: ProductVideo | null) => void
  disabled?: boolean
  rules: ContentRules | undefined
}

/** The video of a product and the picture that stands for it. */
export function VideoField({ value = null, onChange, disabled = false, rules }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const posterInput = useRef<HTMLInputElement>(null)
  const latest = useRef(value)
  latest.current = value
  const videos = useUploads(({ fileId, url, width, height, durationMs, kind }) => {
    if (kind === 'video') onChange?.({ fileId, url, width, height, durationMs, poster: latest.current?.poster ?? null })
  })
  const posters = useUploads(({ fileId, url, width, height, kind }) => {
    if (kind === 'image' && latest.current) onChange?.({ ...latest.current, poster: { fileId, url, width, height } })
  })
  const [sending] = [...videos.pending, ...posters.pending]
  const limit = rules === undefined ? '' : lengthText(rules.videoMaxSeconds)
  return (
    <div className="video-field">
      {value && (
        <video
          controls
          preload="metadata"
          src={value.url}
          {...(value.poster ? { poster: variantUrl(value.poster, 400) } : {})}
        />
      )}
      <div className="stack-s">
        {value?.durationMs != null && (
          <span className="soft num">
            {lengthText(value.durationMs / 1000)} · {value.width}×{value.height}
          </span>
        )}
        {sending && <Progress percent={Math.round(sending.share * 100)} size="small" />}
        {!disabled && (
          <span className="video-tools">
            <Button icon={value ? <SwapOutlined /> : <PlayCircleOutlined />} onClick={() => input.current?.click()}>
              {t(value ? 'video.replace' : 'video.add')}
            </Button>
            {value && (
              <>
                <Button icon={<PictureOutlined />} onClick={() => posterInput.current?.click()}>
                  {t('video.posterAdd')}
                </Button>
                {value.poster && (
                  <Button onClick={() => onChange?.({ ...value, poster: null })}>{t('video.posterRemove')}</Button>
                )}
                <Button danger icon={<DeleteOutlined />} onClick={() => onChange?.(null)}>
                  {t('video.remove')}
                </Button>
              </>
            )}
          </span>
        )}
        <span className="faint small">{t('video.hint', { limit })}</span>
      </div>
      <FileInput
        reference={input}
        accept="video/mp4"
        label={t('video.add')}
        onFile={(file) => void videos.send([file])}
      />
      <FileInput
        reference={posterInput}
        accept="image/*"
        label={t('video.posterAdd')}
        onFile={(file) => void posters.send([file])}
      />
    </div>
  )
}

function FileInput(props: {
  reference: RefObject<HTMLInputElement | null>
  accept: string
  label: string
  onFile: (file: File) => void
}) {
  return (
    <input
      ref={props.reference}
      type="file"
      className="file-input"
      accept={props.accept}
      aria-label={props.label}
      onChange={(event) => {
        const [file] = event.target.files ?? []
        if (file) props.onFile(file)
        event.target.value = ''
      }}
    />
  )
}
