import {
  BellOutlined,
  CheckOutlined,
  CloseOutlined,
  PayCircleOutlined,
  RollbackOutlined,
  ShoppingOutlined,
  StarOutlined,
  TruckOutlined,
} from '@ant-design/icons'
import { Button, Card, Empty, Tooltip } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { hasMessage, t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import type { FeedEntry } from './feed-entries.ts'

const SOUND = 'zg.order-sound'
/** What a shopkeeper wants to hear. */
const HEARD = ['placed', 'paid']

const ICONS: Record<string, ReactNode> = {
  placed: <ShoppingOutlined />,
  paid: <PayCircleOutlined />,
  shipped: <TruckOutlined />,
  completed: <CheckOutlined />,
  cancelled: <CloseOutlined />,
  reviewed: <StarOutlined />,
}

const TONES: Record<string, string> = {
  paid: 'good',
  completed: 'good',
  shipped: 'calm',
  placed: 'new',
  reviewed: 'calm',
}

/** What happens in the shop, as it happens; what has just come slides in, with a sound for those who want it. */
export function LiveFeed({ entries, live }: { entries: FeedEntry[]; live: boolean }) {
  const [sound, setSound] = useState(() => localStorage.getItem(SOUND) === '1')
  const known = useRef<Set<string>>(undefined)
  const fresh = new Set(
    known.current ? entries.filter(({ key }) => !known.current!.has(key)).map(({ key }) => key) : [],
  )
  useEffect(() => {
    const news = known.current ? entries.filter(({ key }) => !known.current!.has(key)) : []
    known.current = new Set([...(known.current ?? []), ...entries.map(({ key }) => key)])
    if (sound && news.some(({ event }) => HEARD.includes(event))) chime()
  }, [entries, sound])
  const toggle = () => {
    localStorage.setItem(SOUND, sound ? '0' : '1')
    setSound(!sound)
  }
  const soundText = t(sound ? 'overview.soundOff' : 'overview.soundOn')
  return (
    <Card
      className="feed-card"
      title={<LiveTitle live={live} />}
      extra={
        <Button
          type="text"
          size="small"
          aria-pressed={sound}
          icon={<BellOutlined className={sound ? 'green' : 'faint'} />}
          aria-label={soundText}
          title={soundText}
          onClick={toggle}
        />
      }
    >
      {entries.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('overview.noOrders')} />
      ) : (
        <ul className="feed" aria-live="polite" data-testid="live-orders">
          {entries.map((entry) => (
            <li key={entry.key} className={fresh.has(entry.key) ? 'fresh' : ''} data-order={entry.orderNo}>
              <Entry entry={entry} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function LiveTitle({ live }: { live: boolean }) {
  const text = t(live ? 'overview.connected' : 'overview.disconnected')
  return (
    <span className="live-title">
      {t('overview.live')}
      <Tooltip title={text}>
        <span className={live ? 'live-dot on' : 'live-dot'} role="status" aria-label={text} />
      </Tooltip>
    </span>
  )
}

function Entry({ entry }: { entry: FeedEntry }) {
  const { shop } = useShop()
  const name = `feed.${entry.event}`
  return (
    <Link to={`/s/${shop.slug}/${entry.reviewId === null ? `orders/${entry.orderId}` : 'reviews'}`}>
      <span className={`feed-icon ${TONES[entry.event] ?? 'warn'}`} aria-hidden>
        {ICONS[entry.event] ?? <RollbackOutlined />}
      </span>
      <span className="cell-text">
        <span className="strong">
          {hasMessage(name) ? t(name) : entry.text || entry.event}
          {entry.stars !== null && <span className="num"> {t('feed.stars', { stars: entry.stars })}</span>}
        </span>
        <span className="faint small num">{entry.orderNo}</span>
      </span>
      <span className="live-money">
        {entry.totalFen !== null && <Money fen={entry.totalFen} strong />}
        <span className="faint small">
          <InstantText at={entry.at} timeOnly />
        </span>
      </span>
    </Link>
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
