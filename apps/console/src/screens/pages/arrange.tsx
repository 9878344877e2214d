import {
  type Announcements,
  type CollisionDetection,
  closestCenter,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  KeyboardSensor,
  PointerSensor,
  pointerWithin,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { sortableKeyboardCoordinates } from '@dnd-kit/sortable'
import type { DraftBlock } from '@zhanggui/contract'
import { type ReactNode, useState } from 'react'
import { t } from '../../i18n/index.ts'
import type { BlockKind } from './layout-edit.ts'
import { OUTLINE_END } from './outline.tsx'
import { kindOfDragged, PaletteChip } from './palette.tsx'

/** Pixels that a press may move before it counts as dragging. */
const DRAG_FROM = 6

interface Props {
  blocks: readonly DraftBlock[]
  /** Something new was dropped before `index`. */
  add: (kind: BlockKind, index: number) => void
  move: (from: number, to: number) => void
  children: (isAdding: boolean) => ReactNode
}

/** Something new counts where the pointer is; what is on the page already goes to the nearest place. */
const collisions: CollisionDetection = (args) => {
  if (kindOfDragged(String(args.active.id))) return pointerWithin(args)
  return closestCenter({
    ...args,
    droppableContainers: args.droppableContainers.filter(({ id }) => id !== OUTLINE_END),
  })
}

/** Dragging from the palette into the outline, and within it; also with the keyboard, and told to screen readers. */
export function Arrange({ blocks, add, move, children }: Props) {
  const [kind, setKind] = useState<BlockKind>()
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: DRAG_FROM } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const placeOf = (id: unknown) => blocks.findIndex((block) => block.id === id)
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    setKind(undefined)
    if (!over) return
    const fresh = kindOfDragged(String(active.id))
    const to = placeOf(over.id)
    if (fresh) add(fresh, to < 0 ? blocks.length : to)
    else if (to >= 0 && active.id !== over.id) move(placeOf(active.id), to)
  }
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={collisions}
      accessibility={{
        announcements: announcements(placeOf, blocks.length),
        screenReaderInstructions: { draggable: t('design.dragHow') },
      }}
      onDragStart={({ active }) => setKind(kindOfDragged(String(active.id)))}
      onDragCancel={() => setKind(undefined)}
      onDragEnd={onDragEnd}
    >
      {children(kind !== undefined)}
      <DragOverlay dropAnimation={null}>
        {kind && (
          <div className="design-palette-item overlay">
            <PaletteChip kind={kind} />
          </div>
        )}
      </DragOverlay>
    </DndContext>
  )
}

function announcements(placeOf: (id: unknown) => number, count: number): Announcements {
  const where = (id: unknown) => ({ number: placeOf(id) + 1, count })
  return {
    onDragStart: ({ active }) => t('design.dragStart', where(active.id)),
    onDragOver: ({ over }) => (over ? t('design.dragOver', where(over.id)) : undefined),
    onDragEnd: ({ over }) => (over ? t('design.dragEnd', where(over.id)) : t('design.dragCancel')),
    onDragCancel: () => t('design.dragCancel'),
  }
}
