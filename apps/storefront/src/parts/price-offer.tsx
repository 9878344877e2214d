import { type JSX, useEffect, useState } from '@hooks'
import { Price, Text, View } from '@kit'
import { nearTimeText } from '@model/texts.ts'
import type { PriceTag } from '@zhanggui/contract'
import { useApp } from '../app.ts'
import { Countdown } from './countdown.tsx'
import './price-offer.css'

const TICK_MS = 30_000

/** How much of the time of an offer is over, in percent by the server's clock; undefined until the page lives. */
function useElapsed(startsAt: string | null, endsAt: string | null): number | undefined {
  const { serverNow } = useApp()
  const [share, setShare] = useState<number | undefined>(undefined)
  useEffect(() => {
    if (startsAt === null || endsAt === null) return
    const [from, to] = [Date.parse(startsAt), Date.parse(endsAt)]
    const tick = () => setShare(Math.min(100, Math.max(0, ((serverNow() - from) / (to - from)) * 100)))
    tick()
    const timer = setInterval(tick, TICK_MS)
    return () => clearInterval(timer)
  }, [startsAt, endsAt])
  return share
}

/** The offer that is in force with what is left of it, and the one that is announced. */
export function PriceOffer({ tag, onOver }: { tag: PriceTag; onOver: () => void }): JSX.Element | null {
  const { serverNow } = useApp()
  const [nowMs, setNow] = useState<number | undefined>(undefined)
  useEffect(() => setNow(serverNow()), [])
  const elapsed = useElapsed(tag.startsAt, tag.endsAt)
  const { upcoming } = tag
  if (tag.endsAt === null && upcoming === null) return null
  return (
    <View className="zg-offer">
      {tag.endsAt !== null && (
        <View className="zg-offer-now" testId="price-offer">
          <View className="zg-offer-row">
            <Text className="zg-offer-name">{tag.label}</Text>
            <Text className="zg-grow" />
            <Text>距结束 </Text>
            <Countdown until={tag.endsAt} onOver={onOver} />
          </View>
          {elapsed !== undefined && (
            <View className="zg-offer-track" label={`已过去 ${Math.round(elapsed)}%`}>
              <View className="zg-offer-bar" style={{ width: `${elapsed.toFixed(1)}%` }} />
            </View>
          )}
        </View>
      )}
      {upcoming !== null && (
        <View className="zg-offer-row zg-offer-soon" testId="price-upcoming">
          <Text>{upcoming.label}</Text>
          <Price fen={upcoming.priceFen} size="small" />
          <Text className="zg-grow">{nowMs === undefined ? '' : `${nearTimeText(upcoming.startsAt, nowMs)} 开始`}</Text>
          <Countdown until={upcoming.startsAt} onOver={onOver} />
        </View>
      )}
    </View>
  )
}
