import { CARRIER_TABLE, PARCEL_STATES, type Parcel } from '@zhanggui/contract'
import { Alert, Button, Card, Input, type InputRef, Space, Switch, Tag } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { api, errorText } from '../../kit/api.ts'
import { Camera } from './camera.tsx'
import { beep } from './sound.ts'

interface Done {
  parcel: Parcel
  undone: boolean
}

const MAX_LIST = 50
const SOUND = 'zg.scan-sound'

/** Ship with a barcode gun, a camera or the keyboard: a parcel's code, then its tracking number, and on to the next. */
export default function ScanPage() {
  const { shopId } = useShop()
  const [text, setText] = useState('')
  const [parcel, setParcel] = useState<Parcel>()
  const [choice, setChoice] = useState<Parcel[]>([])
  const [problem, setProblem] = useState<string>()
  const [done, setDone] = useState<Done[]>([])
  const [busy, setBusy] = useState(false)
  const [sound, setSound] = useState(() => localStorage.getItem(SOUND) !== 'off')
  const input = useRef<InputRef>(null)
  useEffect(() => {
    if (!busy) input.current?.focus()
  }, [busy])

  const run = async (work: () => Promise<void>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await work()
      if (sound) beep('good')
    } catch (error) {
      setProblem(errorText(error))
      if (sound) beep('bad')
    } finally {
      setText('')
      setBusy(false)
    }
  }
  const choose = (found: Parcel) => {
    if (found.state !== 'awaiting' && found.state !== 'picking')
      throw new Error(t('scan.notOpen', { code: found.code, state: say(PARCEL_STATES[found.state]) }))
    setParcel(found)
    setChoice([])
  }
  const look = (code: string) =>
    run(async () => {
      const { parcels } = await api('console.scan', { params: { shopId }, query: { code } })
      if (parcels.length === 1) choose(parcels[0]!)
      else setChoice(parcels)
    })
  const pack = (target: Parcel, trackingNo: string) =>
    run(async () => {
      const packed = await api('console.packParcel', {
        params: { shopId, parcelId: target.id },
        body: { trackingNo },
      })
      setDone((before) => [{ parcel: packed, undone: false }, ...before].slice(0, MAX_LIST))
      setParcel(undefined)
    })
  const undo = (target: Parcel) =>
    run(async () => {
      await api('console.undoPack', { params: { shopId, parcelId: target.id } })
      setDone((before) => before.map((each) => (each.parcel.id === target.id ? { ...each, undone: true } : each)))
    })
  const submit = (value: string) => {
    const code = value.trim()
    if (code === '' || busy) return
    void (parcel ? pack(parcel, code) : look(code))
  }
  const last = done.find((each) => !each.undone)
  return (
    <Page
      title={t('scan.title')}
      hint={t('scan.hint')}
      narrow
      actions={
        <Space>
          {t('scan.sound')}
          <Switch
            size="small"
            aria-label={t('scan.sound')}
            checked={sound}
            onChange={(on) => {
              setSound(on)
              localStorage.setItem(SOUND, on ? 'on' : 'off')
            }}
          />
        </Space>
      }
    >
      <div className="stack-l">
        <Card title={parcel ? t('scan.trackingStep') : t('scan.codeStep')}>
          <Input
            ref={input}
            size="large"
            autoFocus
            allowClear
            autoComplete="off"
            maxLength={60}
            className="num"
            data-testid="scan-input"
            aria-label={parcel ? t('scan.tracking') : t('scan.code')}
            placeholder={parcel ? t('scan.tracking') : t('scan.code')}
            value={text}
            disabled={busy}
            onChange={(event) => setText(event.target.value)}
            onPressEnter={() => submit(text)}
          />
          <Camera onCode={submit} />
          {problem && (
            <Alert className="gap-top" type="error" showIcon title={problem} data-testid="scan-problem" role="alert" />
          )}
          {choice.length > 1 && (
            <div className="stack-s gap-top">
              <span className="soft">{t('scan.choose')}</span>
              {choice.map((each) => (
                <Button key={each.id} onClick={() => void run(async () => choose(each))}>
                  {`${each.code} · ${each.warehouseName} · ${t('parcel.units', { count: each.units })}`}
                </Button>
              ))}
            </div>
          )}
          {parcel && <Chosen parcel={parcel} cancel={() => setParcel(undefined)} />}
        </Card>
        <Card
          title={t('scan.list')}
          extra={
            last && (
              <Button danger size="small" data-testid="scan-undo" onClick={() => void undo(last.parcel)}>
                {t('scan.undoLast')}
              </Button>
            )
          }
        >
          {done.length === 0 && <span className="faint">{t('scan.empty')}</span>}
          <ul className="plain stack-s" data-testid="scan-list">
            {done.map(({ parcel: each, undone }, index) => (
              // A parcel that was taken back may come again.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <li key={`${each.id}-${done.length - index}`} className={undone ? 'faint scan-undone' : ''}>
                <span className="num strong">{each.code}</span> <Tag>{say(CARRIER_TABLE[each.carrierCode])}</Tag>
                <span className="num">{each.trackingNo}</span>
              </li>
            ))}
          </ul>
        </Card>
      </div>
    </Page>
  )
}

/** What belongs into the box, to compare with what lies on the table. */
function Chosen({ parcel, cancel }: { parcel: Parcel; cancel: () => void }) {
  return (
    <div className="gap-top stack-s" data-testid="scan-parcel">
      <div className="row-between">
        <span>
          <span className="num strong">{parcel.code}</span>{' '}
          {parcel.prePack && <Tag color="gold">{t('parcel.prePack')}</Tag>}
        </span>
        <Button size="small" onClick={cancel}>
          {t('scan.cancel')}
        </Button>
      </div>
      <span className="soft">{`${parcel.receiver} ${parcel.receiverPhone} ${parcel.region}`}</span>
      {parcel.packingNote !== '' && <Alert type="warning" title={parcel.packingNote} />}
      <ul className="plain">
        {parcel.lines.map((line) => (
          <li key={`${line.orderId}-${line.line}`}>
            {line.title} <span className="soft">{line.options}</span>{' '}
            <span className="num strong">×{line.quantity}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
