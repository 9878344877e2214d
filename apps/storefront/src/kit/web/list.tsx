import type { JSX } from 'preact'
import type { InfiniteListProps } from '../types.ts'
import { useInSight } from './sight.tsx'

/** A list that asks for more before its end is reached. */
export function InfiniteList({
  hasMore,
  isLoading,
  error,
  onMore,
  endText,
  className,
  label,
  children,
}: InfiniteListProps): JSX.Element {
  const ref = useInSight(() => hasMore && !isLoading && error === undefined && onMore(), '800px')
  return (
    <div>
      <ul class={`zg-list ${className ?? ''}`} aria-label={label}>
        {children}
      </ul>
      {/* remounted when a page has come, so that a sentinel still in sight asks again */}
      <div ref={ref} key={String(isLoading)} class="zg-list-end" aria-live="polite">
        {error !== undefined ? (
          <button type="button" class="zg-button zg-button-plain zg-button-small" onClick={onMore}>
            {error}，点此重试
          </button>
        ) : isLoading ? (
          <span class="zg-list-note">
            <span class="zg-spinner" aria-hidden="true" /> 加载中…
          </span>
        ) : (
          !hasMore && endText && <span class="zg-list-note">{endText}</span>
        )}
      </div>
    </div>
  )
}
