import { Alert, Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { t } from '../../i18n/index.ts'

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
type DetectorClass = new (options: { formats: string[] }) => Detector

const LOOK_MS = 250

const detectorClass = (): DetectorClass | undefined =>
  (globalThis as unknown as { BarcodeDetector?: DetectorClass }).BarcodeDetector

/** Whether this browser reads codes with its camera; the others type. */
export const canScan = (): boolean => detectorClass() !== undefined && navigator.mediaDevices !== undefined

/** The eight digits in what was typed or scanned: the code itself, or the address in the buyer's QR code. */
export function codeIn(text: string): string | undefined {
  const digits = /[?&]code=(\d{8})\b/.exec(text)?.[1] ?? text.replace(/\s/g, '')
  return /^\d{8}$/.test(digits) ? digits : undefined
}

/** The camera's picture; tells the first code it sees. */
export function Scanner({ onCode, onClose }: { onCode: (code: string) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null)
  const latest = useRef(onCode)
  latest.current = onCode
  const [isBlocked, setBlocked] = useState(false)
  useEffect(() => {
    const Class = detectorClass()
    if (!Class) return
    const detector = new Class({ formats: ['qr_code'] })
    let stream: MediaStream | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const look = async () => {
      if (isOver || !video.current) return
      const found = await detector.detect(video.current).catch(() => [])
      const code = found.map((each) => codeIn(each.rawValue)).find((each) => each !== undefined)
      if (code !== undefined && !isOver) return latest.current(code)
      timer = setTimeout(() => void look(), LOOK_MS)
    }
    navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }).then(
      async (opened) => {
        stream = opened
        if (isOver || !video.current) {
          for (const track of opened.getTracks()) track.stop()
          return
        }
        video.current.srcObject = opened
        await video.current.play().catch(() => undefined)
        await look()
      },
      () => setBlocked(true),
    )
    return () => {
      isOver = true
      clearTimeout(timer)
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
  }, [])
  return (
    <div className="stack-s">
      {isBlocked ? (
        <Alert type="warning" showIcon title={t('pickUp.noCamera')} />
      ) : (
        <video
          ref={video}
          muted
          playsInline
          aria-label={t('pickUp.scanHint')}
          style={{ width: '100%', borderRadius: 8 }}
        />
      )}
      <Button onClick={onClose}>{t('action.cancel')}</Button>
    </div>
  )
}
