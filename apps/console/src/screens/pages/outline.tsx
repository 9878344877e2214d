import { CopyOutlined, DeleteOutlined, EyeInvisibleOutlined, EyeOutlined, HolderOutlined } from '@ant-design/icons'
import { useDroppable } from '@dnd-kit/core'
import { SortableContext, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import type { DraftBlock, LayoutProblem } from '@zhanggui/contract'
import { Badge, Button, Empty, Tag, Tooltip } from 'antd'
import type { KeyboardEvent } from 'react'
import { t } from '../../i18n/index.ts'
import { KIND_ICONS } from './kind-icon.tsx'
import { blockHint, mayAdd } from './layout-edit.ts'

/** Where something from the palette may be dropped behind the last block. */
export const OUTLINE_END = 'outline-end'

interface Props {
  blocks: readonly DraftBlock[]
  problems: readonly LayoutProblem[]
  /** Blocks that stand on the page at this moment; undefined while that is not known. */
  drawn: ReadonlySet<string> | undefined
  selected: string | undefined
  /** Whether something new is being dragged: rows then show where it would go. */
  isAdding: boolean
  isWritable: boolean
  select: (id: string) => void
  move: (from: number, to: number) => void
  copy: (id: string) => void
  hide: (id: string, isHidden: boolean) => void
  remove: (id: string) => void
}

/** The blocks of the page in their order: dragged by the handle, with the pointer or the keyboard. */
export function Outline(props: Props) {
  const { blocks, isWritable } = props
  const end = useDroppable({ id: OUTLINE_END })
  return (
    <SortableContext items={blocks.map(({ id }) => id)} strategy={verticalListSortingStrategy} disabled={!isWritable}>
      <ol className="design-outline" aria-label={t('design.outline')}>
        {blocks.map((block, index) => (
          <Row key={block.id} block={block} index={index} {...props} />
        ))}
      </ol>
      <div ref={end.setNodeRef} className={`design-outline-end${props.isAdding && end.isOver ? ' over' : ''}`}>
        {blocks.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('design.outlineEmpty')} />}
      </div>
    </SortableContext>
  )
}

function Row({ block, index, ...props }: Props & { block: DraftBlock; index: number }) {
  const { blocks, problems, drawn, selected, isAdding, isWritable } = props
  const { id, kind, isHidden } = block
  const sortable = useSortable({ id, attributes: { roleDescription: t('design.sortable') } })
  const name = t(`design.kind.${kind}`)
  const called = t('design.blockName', { number: index + 1, name })
  const own = problems.filter(({ blockId }) => blockId === id)
  const isBlocked = own.some(({ isWarning }) => !isWarning)
  const isEmpty = drawn !== undefined && !isHidden && own.length === 0 && !drawn.has(id)
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isWritable || event.target !== event.currentTarget) return
    if (event.key === 'Delete' || event.key === 'Backspace') props.remove(id)
    else if (event.altKey && event.key === 'ArrowUp') props.move(index, index - 1)
    else if (event.altKey && event.key === 'ArrowDown') props.move(index, index + 1)
    else return
    event.preventDefault()
  }
  const classes = [
    'design-outline-row',
    selected === id && 'on',
    isHidden && 'hidden',
    sortable.isDragging && 'dragged',
    isAdding && sortable.isOver && 'over',
  ]
  return (
    <li
      ref={sortable.setNodeRef}
      className={classes.filter(Boolean).join(' ')}
      style={{ transform: CSS.Translate.toString(sortable.transform) ?? '', transition: sortable.transition ?? '' }}
      data-block={id}
      data-kind={kind}
    >
      {isWritable && (
        <button
          type="button"
          className="design-grip"
          {...sortable.attributes}
          {...sortable.listeners}
          aria-label={t('design.move', { name: called })}
        >
          <HolderOutlined />
        </button>
      )}
      <button
        type="button"
        className="design-outline-name"
        aria-current={selected === id}
        onClick={() => props.select(id)}
        onKeyDown={onKeyDown}
      >
        <span className="design-kind-icon">{KIND_ICONS[kind]}</span>
        <span className="design-outline-words">
          <span>
            <span className="sr-only">{t('design.blockNumber', { number: index + 1 })}</span>
            {name}
          </span>
          <span className="faint small">{blockHint(block)}</span>
        </span>
        {own.length > 0 && (
          <Tooltip title={own.map(({ reason }) => reason).join('；')}>
            <Badge count={own.length} color={isBlocked ? 'var(--zg-red)' : 'var(--zg-amber)'} />
          </Tooltip>
        )}
        {isHidden && <Tag>{t('design.hidden')}</Tag>}
        {isEmpty && (
          <Tooltip title={t(`design.emptyWhy${kind === 'coupons' ? '.coupons' : kind === 'live' ? '.live' : ''}`)}>
            <Tag color="gold">{t('design.empty')}</Tag>
          </Tooltip>
        )}
      </button>
      {isWritable && (
        <span className="design-row-tools">
          <Button
            size="small"
            type="text"
            icon={isHidden ? <EyeInvisibleOutlined /> : <EyeOutlined />}
            aria-label={t(isHidden ? 'design.show' : 'design.hide', { name: called })}
            onClick={() => props.hide(id, !isHidden)}
          />
          <Button
            size="small"
            type="text"
            icon={<CopyOutlined />}
            disabled={!mayAdd(blocks, kind)}
            aria-label={t('design.copyBlock', { name: called })}
            onClick={() => props.copy(id)}
          />
          <Button
            size="small"
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('design.removeBlock', { name: called })}
            onClick={() => props.remove(id)}
          />
        </span>
      )}
    </li>
  )
}
