import { isPreviewNews, type PreviewOrder } from '@zhanggui/contract/preview'
import type { ThemeChoice } from '@zhanggui/contract/theme'
import { Skeleton } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { api } from '../../kit/api.ts'
import { Failure } from '../../kit/feedback.tsx'

/** A new address is asked for so long before the old one expires. */
const EARLY_MS = 60_000
const LONGEST_WAIT_MS = 2_000_000_000

/** A signed address of the draft, or of a version; renewed before it expires. */
export function usePreviewAddress(pageId: string, versionNumber: number | null) {
  const { shopId } = useShop()
  const [state, set] = useState<{ url?: string; error?: unknown }>({})
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks again
  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    api('console.previewPage', { params: { shopId, pageId }, body: { versionNumber } }).then(
      ({ url, expiresAt }) => {
        if (isOver) return
        set({ url })
        const left = Date.parse(expiresAt) - Date.now() - EARLY_MS
        timer = setTimeout(() => setTurn((before) => before + 1), Math.min(Math.max(left, EARLY_MS), LONGEST_WAIT_MS))
      },
      (error: unknown) => isOver || set({ error }),
    )
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [shopId, pageId, versionNumber, turn])
  return { ...state, retry: () => setTurn(turn + 1) }
}

interface Props {
  /** A signed address; the frame shows it on the console's own origin. */
  url?: string | undefined
  error?: unknown
  retry?: () => void
  title: string
  /** Grows with each kept change: the preview then reads the draft again. */
  revision?: number
  selected?: string | undefined
  /** Colours to try. */
  choice?: ThemeChoice
  onSelect?: (blockId: string) => void
  onDrawn?: (blockIds: string[]) => void
}

/** The shop's own page on a phone, as a draft. */
export function PhonePreview({ url, error, retry, title, revision, selected, choice, onSelect, onDrawn }: Props) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [isReady, setReady] = useState(false)
  const latest = useRef({ selected, onSelect, onDrawn })
  latest.current = { selected, onSelect, onDrawn }
  const order = (what: PreviewOrder) => frame.current?.contentWindow?.postMessage(what, location.origin)
  useEffect(() => {
    const onMessage = ({ origin, source, data }: MessageEvent) => {
      if (origin !== location.origin || source !== frame.current?.contentWindow || !isPreviewNews(data)) return
      if (data.did === 'select') return latest.current.onSelect?.(data.blockId)
      setReady(true)
      latest.current.onDrawn?.(data.blockIds)
    }
    addEventListener('message', onMessage)
    return () => removeEventListener('message', onMessage)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a kept change is the reason to read again
  useEffect(() => order({ zhanggui: 'order', do: 'reload' }), [revision])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that has just come does not know what is chosen
  useEffect(() => order({ zhanggui: 'order', do: 'select', blockId: selected ?? null }), [selected, isReady])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that has just come has its own colours
  useEffect(() => {
    if (choice) order({ zhanggui: 'order', do: 'theme', choice })
  }, [choice?.action, choice?.trust, isReady])
  if (error !== undefined) return <Failure error={error} {...(retry ? { retry } : {})} />
  return (
    <div className="design-phone" aria-busy={!isReady}>
      {url === undefined ? (
        <Skeleton active title={false} paragraph={{ rows: 14, width: '100%' }} />
      ) : (
        <iframe
          ref={frame}
          title={title}
          src={ownPath(url)}
          data-testid="design-preview"
          onLoad={() => setReady(false)}
          aria-label={t('design.previewOf', { title })}
        />
      )}
    </div>
  )
}

/** The console and the shop share an origin; the address may name the one that buyers know. */
function ownPath(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}
