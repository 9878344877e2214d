import { Fragment, type JSX, useState } from '@hooks'
import { Icon, QrCode, Tag, Tap, Text, View } from '@kit'
import { codeText, mapUrl } from '@model/delivery.ts'
import { nearTimeText, timeText } from '@model/texts.ts'
import { TRACK_TEXTS } from '@model/trade-texts.ts'
import { copy, kind, toast } from '@platform'
import type { Order, OrderFollowUp, ParcelTrack } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { Countdown } from '../../parts/countdown.tsx'

type Delivery = NonNullable<OrderFollowUp['delivery']>

const HEADS: Record<Delivery['state'], string> = {
  'awaiting-payment': '付款后开始备货',
  preparing: '正在备货',
  ready: '已备好，请来取货',
  'on-the-way': '骑手配送中',
  done: '已完成',
  expired: '已超过保留时间，请尽快取货',
  ended: '已关闭',
}

/** How the order comes to the buyer when it is not sent by courier: promise as a clock, rider, point and code. */
export function DeliveryCard({ delivery, reload }: { delivery: Delivery; reload: () => Promise<void> }): JSX.Element {
  const { serverNow } = useApp()
  const { method, state, promisedAt, late, keepUntil, point, rider, code, codeQrSvg } = delivery
  const isRunning = promisedAt !== null && (state === 'preparing' || state === 'on-the-way')
  return (
    <View className="zg-panel zg-order-delivery" role="region" label="配送" testId="delivery-card">
      <View className="zg-row">
        <Text as="h2" className="zg-panel-title">
          {method === 'pick-up' ? '到店自提' : '同城配送'}
        </Text>
        <Tag kind={late || state === 'expired' ? 'warn' : 'good'}>{HEADS[state]}</Tag>
      </View>
      {isRunning &&
        (late ? (
          <Text as="p" className="zg-small">
            比约定的时间晚了，商家正在加急处理
          </Text>
        ) : (
          <Text as="p" className="zg-small">
            {method === 'pick-up' ? '最晚' : '预计'}
            {nearTimeText(promisedAt, serverNow())}
            {method === 'pick-up' ? '可取，还有 ' : '前送达，还有 '}
            <Countdown until={promisedAt} onOver={() => void reload()} />
          </Text>
        ))}
      {code !== null && (
        <View className="zg-order-code">
          {codeQrSvg !== null && <QrCode svg={codeQrSvg} label={`取货码 ${codeText(code)}`} />}
          <Text className="zg-small zg-muted">取货码</Text>
          <Text className="zg-order-code-digits" testId="pick-up-code">
            {codeText(code)}
          </Text>
          <Text className="zg-small zg-muted">到店出示，店员核销后订单完成；请勿发给他人</Text>
        </View>
      )}
      {keepUntil !== null && (state === 'ready' || state === 'expired') && (
        <Text as="p" className="zg-small">
          保留到 {timeText(keepUntil)}
        </Text>
      )}
      {rider !== null && (
        <Text as="p" className="zg-small" testId="rider">
          骑手 {rider.name} {rider.phone}
        </Text>
      )}
      {point !== null && <Point point={point} />}
    </View>
  )
}

function Point({ point }: { point: NonNullable<Delivery['point']> }): JSX.Element {
  const address = `${point.city}${point.district}${point.address}`
  // A browser opens the map in a tab of its own; elsewhere the address goes to the clipboard.
  const show = () => {
    const url = mapUrl({ name: point.name, address, location: point.location })
    if (kind === 'h5') globalThis.open(url, '_blank', 'noopener')
    else void copy(address).then(() => toast('地址已复制', 'good'))
  }
  return (
    <View className="zg-address">
      <Icon name="pin" />
      <View className="zg-grow">
        <Text as="strong">{point.name}</Text>
        <Text as="p" className="zg-small">
          {address}
        </Text>
        <Text as="p" className="zg-small zg-muted">
          营业 {point.opensAt}–{point.closesAt} · {point.phone}
        </Text>
      </View>
      <Tap className="zg-order-copy" label={`在地图上看${point.name}`} onTap={show}>
        地图
      </Tap>
    </View>
  )
}

/** Where one parcel is: what its carrier told last, and with a tap all of it. */
export function ParcelCard({
  shipment,
  track,
}: {
  shipment: Order['shipments'][number]
  track: ParcelTrack | undefined
}): JSX.Element {
  const [isOpen, setOpen] = useState(false)
  const copyNumber = () => void copy(shipment.trackingNo).then(() => toast('已复制', 'good'))
  return (
    <View className="zg-panel" role="region" label="物流" testId="shipment">
      <View className="zg-row">
        <View className="zg-address">
          <Icon name="truck" />
          <View>
            <Text>
              {shipment.carrierName} {shipment.trackingNo}
            </Text>
            <Text as="p" className="zg-small zg-muted">
              {timeText(shipment.shippedAt)} 从{shipment.warehouseName}发出
            </Text>
          </View>
        </View>
        <Tap className="zg-order-copy" label="复制运单号" onTap={copyNumber}>
          复制
        </Tap>
      </View>
      {track && track.following !== 'off' && <Track track={track} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />}
    </View>
  )
}

interface TrackProps {
  track: ParcelTrack
  isOpen: boolean
  onToggle: () => void
}

/** The newest place of a parcel; open, the ones before it too. */
function Track({ track, isOpen, onToggle }: TrackProps): JSX.Element {
  const [last, ...before] = track.events
  return (
    <Fragment>
      <View className="zg-order-track">
        <Tag kind={track.state === 'problem' || track.state === 'returned' ? 'warn' : 'good'}>
          {TRACK_TEXTS[track.state]}
        </Tag>
        <View className="zg-grow zg-small">
          <Text as="p">{last ? last.text : waitingText(track)}</Text>
          {last && (
            <Text as="p" className="zg-muted">
              {timeText(last.at)} {last.area}
            </Text>
          )}
        </View>
        {before.length > 0 && (
          <Tap className="zg-order-copy" testId="track" label={isOpen ? '收起物流' : '展开全部物流'} onTap={onToggle}>
            {isOpen ? '收起' : '展开'}
          </Tap>
        )}
      </View>
      {isOpen && (
        <View className="zg-order-before" testId="track-before">
          {before.map((event) => (
            <View className="zg-order-step" key={`${event.at}${event.text}`}>
              <Text>{event.text}</Text>
              <Text className="zg-small zg-muted">
                {timeText(event.at)} {event.area}
              </Text>
            </View>
          ))}
        </View>
      )}
    </Fragment>
  )
}

const waitingText = (track: ParcelTrack): string =>
  track.following === 'unsupported'
    ? '这家快递暂不支持查询，可凭运单号到快递官网查看'
    : '等待快递揽收，物流信息稍后更新'

/** What the shop wrote about the order, the newest first. */
export function Notices({ notices }: { notices: OrderFollowUp['notices'] }): JSX.Element | null {
  const [latest] = notices
  if (!latest) return null
  return (
    <View className="zg-panel" role="region" label="商家消息" testId="notices">
      <Text as="h2" className="zg-panel-title">
        商家消息
      </Text>
      {notices.slice(0, 3).map((notice) => (
        <View className="zg-order-notice" key={notice.id}>
          <Text as="strong">{notice.title}</Text>
          <Text as="p" className="zg-small">
            {notice.text}
          </Text>
          <Text className="zg-small zg-muted">{timeText(notice.at)}</Text>
        </View>
      ))}
    </View>
  )
}
