import { DeleteOutlined, LeftOutlined, PlusOutlined, RightOutlined } from '@ant-design/icons'
import { closestCenter, DndContext, type DragEndEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
import { rectSortingStrategy, SortableContext, useSortable } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { type ContentRules, isSquare, PICTURE_KINDS, type PictureKind, type ProductPicture } from '@zhanggui/contract'
import { Button, Progress, Select, Tooltip } from 'antd'
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, useRef, useState } from 'react'
import { t } from '../../../i18n/index.ts'
import { useFeedback } from '../../../kit/feedback.tsx'
import { moveItem } from '../../../kit/move-item.ts'
import { variantUrl } from '../../../kit/picture.tsx'
import { useUploads } from '../../../kit/use-uploads.ts'

const ACCEPTED = 'image/png,image/jpeg,image/webp,image/gif,image/avif'
/** Pixels that a press may move before it counts as dragging. */
const DRAG_FROM = 6

interface Props {
  value?: ProductPicture[]
  onChange?: (pictures: ProductPicture[]) => void
  max: number
  disabled?: boolean
  rules: ContentRules | undefined
}

/**
 * A product's pictures: chosen, dropped (several at once) or pasted; dragged into order, or moved with the arrow keys;
 * each with what it shows.
 */
export function PictureBoard({ value = [], onChange, max, disabled = false, rules }: Props) {
  const { warn } = useFeedback()
  const [isOver, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const latest = useRef(value)
  latest.current = value
  const change = (pictures: ProductPicture[]) => {
    latest.current = pictures
    onChange?.(pictures)
  }
  const { pending, send } = useUploads(({ fileId, url, width, height, whiteEdgeBp }) => {
    if (latest.current.some((picture) => picture.fileId === fileId)) return
    change([...latest.current, { fileId, url, width, height, whiteEdgeBp, kind: 'main' }])
  })
  const add = (files: Iterable<File>) => {
    const pictures = [...files].filter((file) => file.type.startsWith('image/'))
    const room = Math.max(0, max - latest.current.length - pending.length)
    if (pictures.length > room) warn(t('media.tooMany', { max }))
    void send(pictures.slice(0, room))
  }
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    add(event.clipboardData.files)
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    add(event.dataTransfer.files)
  }
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: DRAG_FROM } }))
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    const from = value.findIndex(({ fileId }) => fileId === active.id)
    const to = value.findIndex(({ fileId }) => fileId === over?.id)
    if (from >= 0 && to >= 0 && from !== to) change(moveItem(value, from, to))
  }
  return (
    <section
      className={`board${isOver ? ' over' : ''}`}
      aria-label={t('product.pictures')}
      onPaste={onPaste}
      onDragOver={(event) => {
        event.preventDefault()
        if (event.dataTransfer.types.includes('Files')) setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd}>
        <SortableContext items={value.map(({ fileId }) => fileId)} strategy={rectSortingStrategy} disabled={disabled}>
          {value.map((picture, index) => (
            <Tile
              key={picture.fileId}
              picture={picture}
              index={index}
              count={value.length}
              disabled={disabled}
              rules={rules}
              move={(to) => change(moveItem(value, index, to))}
              setKind={(kind) => change(value.map((each, at) => (at === index ? { ...each, kind } : each)))}
              remove={() => change(value.filter((_, at) => at !== index))}
            />
          ))}
        </SortableContext>
      </DndContext>
      {pending.map((each) => (
        <div key={each.key} className="tile pending" role="status" aria-label={each.name}>
          <Progress type="circle" size={52} percent={Math.round(each.share * 100)} />
        </div>
      ))}
      {value.length + pending.length < max && !disabled && (
        <button type="button" className="tile tile-add" onClick={() => input.current?.click()}>
          <PlusOutlined />
          <span>{t(isOver ? 'media.drop' : 'media.add')}</span>
          <span className="faint small">
            {value.length} / {max}
          </span>
        </button>
      )}
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        multiple
        className="file-input"
        aria-label={t('media.add')}
        data-testid="pictures-input"
        onChange={(event) => {
          add([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </section>
  )
}

interface TileProps {
  picture: ProductPicture
  index: number
  count: number
  disabled: boolean
  rules: ContentRules | undefined
  move: (to: number) => void
  setKind: (kind: PictureKind) => void
  remove: () => void
}

function Tile({ picture, index, count, disabled, rules, move, setKind, remove }: TileProps) {
  const { setNodeRef, transform, transition, listeners, isDragging } = useSortable({ id: picture.fileId, disabled })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || disabled) return
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    if (event.key === 'Delete' || event.key === 'Backspace') remove()
    else if (step === undefined || index + step < 0 || index + step >= count) return
    else move(index + step)
    event.preventDefault()
  }
  const kind = t(`media.kind.${picture.kind}`)
  return (
    <div
      ref={setNodeRef}
      className={`tile${isDragging ? ' dragged' : ''}`}
      style={{ transform: CSS.Translate.toString(transform) ?? '', transition: transition ?? '' }}
      data-testid="picture-tile"
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a picture that can be dragged and moved with the arrow keys */}
      <div
        className="tile-picture"
        role="button"
        tabIndex={0}
        aria-label={t('media.item', { number: index + 1, kind })}
        title={disabled ? '' : t('media.keys')}
        onKeyDown={onKeyDown}
        {...listeners}
      >
        <img src={variantUrl(picture, 200)} alt="" draggable={false} />
      </div>
      {index === 0 && <span className="picture-mark">{t('media.first')}</span>}
      <Checks picture={picture} rules={rules} />
      <div className="tile-foot">
        <Select
          size="small"
          variant="borderless"
          className="wide"
          disabled={disabled}
          value={picture.kind}
          aria-label={t('media.kindOf', { number: index + 1 })}
          options={PICTURE_KINDS.map((value) => ({ value, label: t(`media.kind.${value}`) }))}
          popupMatchSelectWidth={false}
          onChange={setKind}
        />
        {!disabled && (
          <span className="tile-tools">
            <Button
              size="small"
              type="text"
              icon={<LeftOutlined />}
              disabled={index === 0}
              aria-label={t('media.earlier')}
              onClick={() => move(index - 1)}
            />
            <Button
              size="small"
              type="text"
              icon={<RightOutlined />}
              disabled={index === count - 1}
              aria-label={t('media.later')}
              onClick={() => move(index + 1)}
            />
            <Button
              size="small"
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t('media.remove')}
              onClick={remove}
            />
          </span>
        )}
      </div>
    </div>
  )
}

/** A mark on a picture that is not square or too small. */
function Checks({ picture, rules }: { picture: ProductPicture; rules: ContentRules | undefined }) {
  if (!rules || picture.width === null) return null
  const need = rules.completeness.squarePx
  if (isSquare(picture, need)) return null
  return (
    <Tooltip title={t('media.notSquare', { width: picture.width, height: picture.height ?? 0, need })}>
      <span className="tile-warn">
        {picture.width}×{picture.height}
      </span>
    </Tooltip>
  )
}
