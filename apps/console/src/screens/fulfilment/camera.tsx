import { CameraOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { t } from '../../i18n/index.ts'

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
type DetectorClass = new (options: { formats: string[] }) => Detector

const LOOK_MS = 250
/** The same code is not taken twice within this time: the label is still before the lens. */
const SAME_MS = 3000

const detectorClass = (): DetectorClass | undefined =>
  (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector

/** Reads barcodes with the phone's camera, where the browser can; says so where it cannot. */
export function Camera({ onCode }: { onCode: (code: string) => void }) {
  const [on, setOn] = useState(false)
  const [missing, setMissing] = useState(false)
  const video = useRef<HTMLVideoElement>(null)
  const latest = useRef(onCode)
  latest.current = onCode
  useEffect(() => {
    if (!on) return
    const Class = detectorClass()
    let stream: MediaStream | undefined
    let timer: ReturnType<typeof setInterval> | undefined
    let stopped = false
    let seen = { code: '', at: 0 }
    const start = async () => {
      if (!Class) throw new Error('no detector')
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      if (stopped || !video.current) return stream.getTracks().forEach((track) => void track.stop())
      video.current.srcObject = stream
      await video.current.play()
      const detector = new Class({ formats: ['code_128', 'code_39', 'ean_13', 'qr_code'] })
      timer = setInterval(async () => {
        const found = video.current ? await detector.detect(video.current).catch(() => []) : []
        const code = found[0]?.rawValue
        if (!code || (code === seen.code && Date.now() - seen.at < SAME_MS)) return
        seen = { code, at: Date.now() }
        latest.current(code)
      }, LOOK_MS)
    }
    start().catch(() => {
      setMissing(true)
      setOn(false)
    })
    return () => {
      stopped = true
      clearInterval(timer)
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
  }, [on])
  return (
    <div className="stack-s gap-top">
      {on && <video ref={video} className="scan-video" muted playsInline />}
      {missing && <span className="soft">{t('scan.noCamera')}</span>}
      <Button icon={<CameraOutlined />} onClick={() => setOn(!on)}>
        {on ? t('scan.cameraOff') : t('scan.camera')}
      </Button>
    </div>
  )
}
