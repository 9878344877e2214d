import { useDraggable } from '@dnd-kit/core'
import type { DraftBlock } from '@zhanggui/contract'
import { t } from '../../i18n/index.ts'
import { KIND_ICONS } from './kind-icon.tsx'
import { type BlockKind, isBlockKind, mayAdd, PALETTE } from './layout-edit.ts'

const NEW = 'new:'

/** The kind that is dragged out of the palette; undefined for a block that is on the page already. */
export function kindOfDragged(id: string): BlockKind | undefined {
  const kind = id.startsWith(NEW) ? id.slice(NEW.length) : ''
  return isBlockKind(kind) ? kind : undefined
}

/** Kinds of blocks: a click adds one behind the chosen block, dragging puts it where it is dropped. */
export function Palette({ blocks, add }: { blocks: readonly DraftBlock[]; add: (kind: BlockKind) => void }) {
  return (
    <div className="design-palette">
      {PALETTE.map(({ group, kinds }) => (
        <section key={group} aria-label={t(`design.group.${group}`)}>
          <h3>{t(`design.group.${group}`)}</h3>
          <div className="design-palette-kinds">
            {kinds.map((kind) => (
              <PaletteItem key={kind} kind={kind} isOff={!mayAdd(blocks, kind)} add={() => add(kind)} />
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}

function PaletteItem({ kind, isOff, add }: { kind: BlockKind; isOff: boolean; add: () => void }) {
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: NEW + kind, disabled: isOff })
  return (
    <button
      ref={setNodeRef}
      type="button"
      className={`design-palette-item${isDragging ? ' dragged' : ''}`}
      aria-label={t('design.add', { name: t(`design.kind.${kind}`) })}
      title={t(`design.kindHint.${kind}`)}
      disabled={isOff}
      onPointerDown={listeners?.onPointerDown as never}
      onClick={add}
    >
      <PaletteChip kind={kind} />
    </button>
  )
}

/** What a kind looks like in the palette and while it is dragged. */
export function PaletteChip({ kind }: { kind: BlockKind }) {
  return (
    <>
      <span className="design-kind-icon">{KIND_ICONS[kind]}</span>
      <span>{t(`design.kind.${kind}`)}</span>
    </>
  )
}
