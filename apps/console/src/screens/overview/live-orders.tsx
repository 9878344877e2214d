import { BellOutlined } from '@ant-design/icons'
import type { Overview } from '@zhanggui/contract'
import { Button, Card, Empty, Tooltip } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import { t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { Thumb } from '../../kit/upload.tsx'
import { OrderStateTag } from '../orders/state-tag.tsx'

type Order = Overview['recentOrders'][number]

const SOUND = 'zg.order-sound'

/** The newest orders; one that has just come slides in, with a sound for those who want it. */
export function LiveOrders({ orders, live }: { orders: Order[]; live: boolean }) {
  const [sound, setSound] = useState(() => localStorage.getItem(SOUND) === '1')
  const known = useRef<Set<string>>(undefined)
  const fresh = new Set(
    known.current ? orders.filter((order) => !known.current!.has(order.id)).map((order) => order.id) : [],
  )
  useEffect(() => {
    const isNew = known.current !== undefined && orders.some((order) => !known.current!.has(order.id))
    known.current = new Set([...(known.current ?? []), ...orders.map((order) => order.id)])
    if (isNew && sound) chime()
  }, [orders, sound])
  const toggle = () => {
    localStorage.setItem(SOUND, sound ? '0' : '1')
    setSound(!sound)
  }
  return (
    <Card
      title={
        <span className="live-title">
          {t('overview.live')}
          <Tooltip title={t(live ? 'overview.connected' : 'overview.disconnected')}>
            <span
              className={live ? 'live-dot on' : 'live-dot'}
              role="status"
              aria-label={t(live ? 'overview.connected' : 'overview.disconnected')}
            />
          </Tooltip>
        </span>
      }
      extra={
        <Button
          type="text"
          size="small"
          aria-pressed={sound}
          icon={<BellOutlined className={sound ? 'green' : 'faint'} />}
          aria-label={t(sound ? 'overview.soundOff' : 'overview.soundOn')}
          title={t(sound ? 'overview.soundOff' : 'overview.soundOn')}
          onClick={toggle}
        />
      }
    >
      {orders.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('overview.noOrders')} />
      ) : (
        <ul className="live-orders" aria-live="polite" data-testid="live-orders">
          {orders.map((order) => (
            <li key={order.id} className={fresh.has(order.id) ? 'fresh' : ''} data-order={order.orderNo}>
              <Link to={`../orders/${order.id}`} relative="path">
                <Thumb picture={order.lines[0]?.picture} size={40} />
                <span className="cell-text">
                  <span className="num">{order.orderNo}</span>
                  <span className="faint cell-clip">
                    <InstantText at={order.placedAt} timeOnly /> {order.lines[0]?.title}
                  </span>
                </span>
                <span className="live-money">
                  <Money fen={order.totalFen} strong />
                  <OrderStateTag state={order.state} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

/** Two short tones, made here, so that no sound file is needed. */
function chime(): void {
  const context = new AudioContext()
  for (const [index, hertz] of [880, 1175].entries()) {
    const tone = context.createOscillator()
    const volume = context.createGain()
    const start = context.currentTime + index * 0.16
    tone.frequency.value = hertz
    volume.gain.setValueAtTime(0.12, start)
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3)
    tone.connect(volume).connect(context.destination)
    tone.start(start)
    tone.stop(start + 0.3)
  }
  setTimeout(() => void context.close(), 1000)
}
