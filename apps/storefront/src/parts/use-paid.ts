import { useEffect, useRef } from '@hooks'
import { useOnShow } from '@platform'
import { useApp } from '../app.ts'

const POLL_MS = 2_000

type Ending = 'paid' | 'closed' | 'failed'

/** Asks the server about the payment until it has an answer; at once when the buyer comes back from WeChat. */
export function usePaid(
  orderId: string,
  isWaiting: boolean,
  onEnd: (ending: Ending) => void,
  /** Of an order in another shop. */
  shopId?: string,
): void {
  const { api, shop } = useApp()
  const latest = useRef(onEnd)
  latest.current = onEnd
  const isAsking = useRef(false)
  const isEnded = useRef(false)
  const ask = async () => {
    if (!isWaiting || isEnded.current || isAsking.current) return
    isAsking.current = true
    try {
      const { state } = await api('payments.status', { params: { shopId: shopId ?? shop.id, orderId } })
      if ((state === 'paid' || state === 'closed' || state === 'failed') && !isEnded.current) {
        isEnded.current = true
        latest.current(state)
      }
    } catch {
      // no answer now; the next question may get one
    } finally {
      isAsking.current = false
    }
  }
  const askRef = useRef(ask)
  askRef.current = ask
  const onShow = useRef(() => void askRef.current())
  useOnShow(onShow.current)
  useEffect(() => {
    if (!isWaiting) return
    isEnded.current = false
    const timer = setInterval(onShow.current, POLL_MS)
    return () => clearInterval(timer)
  }, [orderId, isWaiting])
}
