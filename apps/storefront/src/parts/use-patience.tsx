import { type JSX, useEffect, useRef, useState } from '@hooks'
import { Button, Sheet, Text, View } from '@kit'
import { patiently } from '@model/patient.ts'

/** Longer than a rush lasts, shorter than anybody looks at a screen. */
const LIMIT_MS = 120_000

interface Wait {
  round: number
  untilMs: number
}

/**
 * Waiting in a rush: what is refused because too many came at once is done again for the buyer, who sees that it is
 * going on and may give up. `work` must be safe to repeat.
 */
export function usePatience(): {
  patient: <T>(work: () => Promise<T>) => Promise<T | undefined>
  waiting: JSX.Element
} {
  const [wait, setWait] = useState<Wait | undefined>(undefined)
  const run = useRef({ isOver: false, stop: () => {} })
  const giveUp = () => {
    run.current.isOver = true
    run.current.stop()
  }
  // whoever leaves the page has given up
  useEffect(() => giveUp, [])
  const patient = async <T,>(work: () => Promise<T>): Promise<T | undefined> => {
    run.current.isOver = false
    try {
      return await patiently(work, {
        limitMs: LIMIT_MS,
        isOver: () => run.current.isOver,
        onWait: (ms, round) => setWait({ round, untilMs: Date.now() + ms }),
        pause: (ms) =>
          new Promise((done) => {
            const timer = setTimeout(done, ms)
            run.current.stop = () => {
              clearTimeout(timer)
              done()
            }
          }),
      })
    } finally {
      setWait(undefined)
    }
  }
  return { patient, waiting: <Waiting wait={wait} onGiveUp={giveUp} /> }
}

function Waiting({ wait, onGiveUp }: { wait: Wait | undefined; onGiveUp: () => void }): JSX.Element {
  const [nowMs, setNow] = useState(0)
  useEffect(() => {
    if (!wait) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [wait])
  const seconds = wait && nowMs > 0 ? Math.max(0, Math.ceil((wait.untilMs - nowMs) / 1000)) : 0
  return (
    <Sheet
      isOpen={wait !== undefined}
      onClose={onGiveUp}
      title="正在为你排队"
      testId="waiting"
      footer={
        <Button kind="plain" size="large" isBlock testId="waiting-stop" onTap={onGiveUp}>
          不等了
        </Button>
      }
    >
      <View className="zg-waiting" role="status">
        <Text as="p">这一刻下单的人太多，系统会自动替你重试，请不要关闭页面。</Text>
        <Text as="p" className="zg-muted">
          {seconds > 0 ? `约 ${seconds} 秒后第 ${wait?.round ?? 1} 次重试` : '正在提交…'}
        </Text>
      </View>
    </Sheet>
  )
}
