import { Button } from 'antd'
import { t } from '../i18n/index.ts'
import { type CursorStack, nextPage, previousPage } from './cursor-stack.ts'

interface Props {
  stack: CursorStack
  /** Of the page that is shown; null on the last one. */
  nextCursor: string | null
  onMove: (stack: CursorStack) => void
  size?: 'small' | 'middle'
  className?: string
}

/** Back and on in a keyset-paged list without a table; nothing where there is one page only. */
export function Pager({ stack, nextCursor, onMove, size = 'middle', className = '' }: Props) {
  if (stack.length === 0 && nextCursor === null) return null
  return (
    <div className={`row-end ${className}`.trim()}>
      {stack.length > 0 && (
        <Button size={size} onClick={() => onMove(previousPage(stack))}>
          {t('list.previous')}
        </Button>
      )}
      {nextCursor !== null && (
        <Button size={size} onClick={() => onMove(nextPage(stack, nextCursor))}>
          {t('list.next')}
        </Button>
      )}
    </div>
  )
}
