import { routeUrl } from '@zhanggui/contract/client'
import { createTracker, type Happening } from '@zhanggui/tracker'
import { keptShare } from '../model/attribution.ts'
import { storage } from '../platform/web/index.ts'

const REFUSED_FOR_GOOD = new Set([400, 404, 413, 415, 422])

/** The tracker of this browser for one shop. */
export function createEvents(shopId: string): (event: Happening) => void {
  const tracker = createTracker({
    shopId,
    platform: 'h5',
    storage,
    transport: async (batch, leaving) => {
      const body = JSON.stringify(batch)
      const url = routeUrl('events.send', {})
      if (leaving && navigator.sendBeacon?.(url, new Blob([body], { type: 'application/json' }))) return true
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
        keepalive: leaving,
      })
      // an answer that is not read keeps its connection busy
      await response.arrayBuffer()
      return response.ok || REFUSED_FOR_GOOD.has(response.status)
    },
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void tracker.flush(true)
  })
  return (event) => {
    const from = keptShare(storage, Date.now())
    tracker.track(from === undefined ? event : { ...event, from })
  }
}
