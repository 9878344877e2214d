import { type JSX, useEffect, useRef, useState } from '@hooks'
import { Text } from '@kit'
import { leftText } from '@model/texts.ts'
import { useApp } from '../app.ts'

/** What is left until an instant by the server's clock; empty until the page lives. Tells once when it is over. */
export function Countdown({ until, onOver }: { until: string; onOver: () => void }): JSX.Element {
  const { serverNow } = useApp()
  const [left, setLeft] = useState<number | undefined>(undefined)
  const latest = useRef(onOver)
  latest.current = onOver
  useEffect(() => {
    let isOver = false
    const tick = () => {
      const leftMs = Date.parse(until) - serverNow()
      setLeft(leftMs)
      if (leftMs > 0 || isOver) return
      isOver = true
      clearInterval(timer)
      latest.current()
    }
    const timer = setInterval(tick, 500)
    tick()
    return () => clearInterval(timer)
  }, [until])
  return (
    <Text className="zg-countdown" testId="countdown">
      {left === undefined ? '--:--' : leftText(left)}
    </Text>
  )
}
