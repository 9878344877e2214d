import { type JSX, useEffect, useRef, useState } from '@hooks'
import { Button, Icon, Image, Tap, Text, TextArea, View } from '@kit'
import { copy, kind, toast } from '@platform'
import type { PersonalOffer, PersonalPayment, Picture } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../app.ts'
import { Countdown } from './countdown.tsx'
import { MediaPicker } from './media-picker.tsx'
import { useAct } from './use-act.ts'
import './personal-pay.css'

interface PersonalPayProps {
  orderId: string
  offer: PersonalOffer
  /** After a step: what the server now says is read again. */
  onChange: () => Promise<void>
}

/** Paying by the merchant's own code: the code and what to write, then what was transferred, then waiting for a look. */
export function PersonalPay({ orderId, offer, onChange }: PersonalPayProps): JSX.Element | null {
  const { api, shop } = useApp()
  const { act, isBusy } = useAct()
  const { payment } = offer
  const params = { shopId: shop.id, orderId }
  const open = () =>
    act(async () => {
      await api('personalCode.open', { params })
      await onChange()
    })
  if (payment?.state === 'waiting') return <Waiting payment={payment} onLook={onChange} />
  if (payment?.state === 'open') return <Transfer payment={payment} params={params} onChange={onChange} />
  if (!offer.offered) return payment?.state === 'refused' ? <Refused reason={payment.refuseReason} /> : null
  return (
    <View className="zg-personal-offer">
      {payment?.state === 'refused' && <Refused reason={payment.refuseReason} />}
      <Button kind="plain" isBlock isBusy={isBusy} testId="pay-personal" onTap={open}>
        转账到商家收款码
      </Button>
    </View>
  )
}

const Refused = ({ reason }: { reason: string }): JSX.Element => (
  <View className="zg-note" role="alert" testId="personal-refused">
    <Icon name="warn" />
    <Text>商家没有查到你的转账：{reason}</Text>
  </View>
)

const pictureOf = (url: string): Picture => ({ fileId: url, url, width: 600, height: 600 }) as Picture

function Transfer({
  payment,
  params,
  onChange,
}: {
  payment: PersonalPayment
  params: { shopId: string; orderId: string }
  onChange: () => Promise<void>
}): JSX.Element {
  const { api } = useApp()
  const { act, isBusy } = useAct()
  const [pictures, setPictures] = useState<Picture[]>([])
  const [note, setNote] = useState('')
  const say = () =>
    act(async () => {
      const fileIds = pictures.map(({ fileId }) => fileId)
      await api('personalCode.claim', { params, body: { fileIds, note } })
      await onChange()
    })
  return (
    <View className="zg-panel zg-personal" testId="personal-pay">
      <Text as="h2" className="zg-personal-title">
        转账到商家收款码
      </Text>
      <View className="zg-personal-code">
        <Image picture={pictureOf(payment.codeUrl)} alt="商家收款码" sizes="220px" fit="contain" isScannable />
      </View>
      <Text className="zg-small zg-muted">
        {kind === 'mini' ? '长按识别，或保存后用微信扫一扫' : '用微信扫一扫，或长按保存后识别'}，收款人 {payment.payee}
      </Text>
      <Fact
        name="金额（一分不差）"
        value={formatMoney(payment.amountFen)}
        copied={(payment.amountFen / 100).toFixed(2)}
      />
      <Fact name="备注写订单号" value={payment.remark} copied={payment.remark} />
      <View className="zg-personal-proof">
        <Text className="zg-small">转账后上传截图，商家核对更快</Text>
        <MediaPicker upload="personalCode.upload" pictures={pictures} onPictures={setPictures} />
        <TextArea
          label="留言（选填）"
          value={note}
          onInput={setNote}
          placeholder="例如：用家人的微信转的，尾号 1234"
          maxLength={100}
          rows={2}
          testId="personal-note"
        />
      </View>
      <Button kind="trust" size="large" isBlock isBusy={isBusy} testId="personal-claim" onTap={say}>
        我已付款
      </Button>
      <Text className="zg-small zg-muted">
        商家在微信里核对到账后，订单才算付款成功；还没有转账请不要点。金额不对或没写订单号，核对会慢一些
      </Text>
    </View>
  )
}

function Fact({ name, value, copied }: { name: string; value: string; copied: string }): JSX.Element {
  return (
    <View className="zg-personal-fact">
      <Text className="zg-muted">{name}</Text>
      <Tap label={`复制${name}`} onTap={() => void copy(copied).then(() => toast('已复制', 'good'))}>
        <Text as="strong">{value}</Text>
        <Text className="zg-personal-copy">复制</Text>
      </Tap>
    </View>
  )
}

/** How often a waiting buyer's page looks whether the merchant has refused; that it is paid it hears by itself. */
const LOOK_MS = 20_000

function Waiting({ payment, onLook }: { payment: PersonalPayment; onLook: () => Promise<void> }): JSX.Element {
  const look = useRef(onLook)
  look.current = onLook
  useEffect(() => {
    const timer = setInterval(() => void look.current(), LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <View className="zg-panel zg-personal" role="status" testId="personal-waiting">
      <Icon name="clock" />
      <Text as="h2" className="zg-personal-title">
        等待商家核对
      </Text>
      <Text className="zg-muted">
        你已表示转账 {formatMoney(payment.amountFen)}，商家核对到账后会自动变为已付款，商品为你保留
      </Text>
      {payment.checkBefore !== null && (
        <Text className="zg-small zg-muted">
          最晚还有 <Countdown until={payment.checkBefore} onOver={() => undefined} />
        </Text>
      )}
    </View>
  )
}
