import { type DesignedPage, LAYOUT_VERSION } from '@zhanggui/contract'
import { Modal, Segmented } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { useMedia } from '../../kit/media.ts'
import { Arrange } from './arrange.tsx'
import { Conflict } from './conflict.tsx'
import { EditingProvider } from './fields.tsx'
import { type BlockKind, copyBlock, insertBlock, moveBlock, newBlock, patchBlock, removeBlock } from './layout-edit.ts'
import { Outline } from './outline.tsx'
import { AddressCode, PageStateTags } from './page-state.tsx'
import { Palette } from './palette.tsx'
import { PhonePreview, usePreviewAddress } from './preview.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { Side } from './side.tsx'
import { SaveMark, Tools } from './tools.tsx'
import { useDraft } from './use-draft.ts'
import { useEditingMaps } from './use-editing.ts'
import { useUndoKeys } from './use-undo-keys.ts'
import { PageVersionsDrawer } from './versions.tsx'

type Part = 'blocks' | 'preview' | 'settings'
type Opened = 'versions' | 'code' | { publish: DesignedPage } | undefined

/** Palette and outline, the page on a phone, and what can be set: side by side, or one at a time where it is narrow. */
export function Workbench({ loaded }: { loaded: DesignedPage }) {
  const { shop, shopId, may } = useShop()
  const { warn, failed, doneWithUndo } = useFeedback()
  const isWritable = may('pages.write')
  const draft = useDraft(loaded, shopId)
  const { content, page } = draft
  const { blocks } = content
  const [selected, setSelected] = useState<string>()
  const [drawn, setDrawn] = useState<ReadonlySet<string>>()
  const [part, setPart] = useState<Part>('blocks')
  const [opened, setOpened] = useState<Opened>()
  const isNarrow = useMedia('(max-width: 1099px)')
  const preview = usePreviewAddress(page.id, null)
  const editing = useEditingMaps(page, isWritable)
  useUndoKeys(draft)

  const setBlocks = (next: typeof blocks) => draft.change({ ...content, blocks: next })
  const select = (id: string) => {
    setSelected(id)
    if (isNarrow) setPart('settings')
  }
  const add = (kind: BlockKind, index: number) => {
    const block = newBlock(kind)
    setBlocks(insertBlock(blocks, block, index))
    select(block.id)
  }
  const behindSelected = () => {
    const at = blocks.findIndex(({ id }) => id === selected)
    return at < 0 ? blocks.length : at + 1
  }
  const remove = (id: string) => {
    const index = blocks.findIndex((block) => block.id === id)
    const gone = blocks[index]
    if (!gone) return
    setBlocks(removeBlock(blocks, id))
    if (selected === id) setSelected(undefined)
    doneWithUndo(t('design.blockRemoved', { name: t(`design.kind.${gone.kind}`) }), async () => {
      const now = draft.now()
      draft.change({ ...now, blocks: insertBlock(now.blocks, gone, index) })
    })
  }
  const publish = async () => {
    const kept = await draft.flush()
    if (!kept) return warn(t('design.notKept'))
    const missing = kept.problems.filter(({ isWarning }) => !isWarning)
    if (missing.length === 0) return setOpened({ publish: kept })
    const { reason, reasonEn, blockId } = missing[0]!
    warn(t('design.incomplete', { count: missing.length, reason: say({ zh: reason, en: reasonEn }) }))
    select(blockId)
  }
  const outline = (isAdding: boolean) => (
    <div className="design-blocks">
      {isWritable && <Palette blocks={blocks} add={(kind) => add(kind, behindSelected())} />}
      <h3>{t('design.outline')}</h3>
      <Outline
        {...{ blocks, drawn, selected, isAdding, isWritable, select, remove }}
        problems={page.problems}
        move={(from, to) => setBlocks(moveBlock(blocks, from, to))}
        copy={(id) => {
          const { blocks: next, copyId } = copyBlock(blocks, id)
          setBlocks(next)
          select(copyId)
        }}
        hide={(id, isHidden) => setBlocks(patchBlock(blocks, id, { isHidden }))}
      />
    </div>
  )
  const phone = (
    <div className="design-stage">
      <PhonePreview
        {...preview}
        title={content.title}
        revision={page.revision}
        selected={selected}
        onSelect={select}
        onDrawn={(ids) => setDrawn(new Set(ids))}
      />
    </div>
  )
  const side = (
    <div className="design-side">
      <Side
        {...{ content, page, selected, isWritable }}
        now={draft.now}
        change={draft.change}
        take={(answer) => draft.take(answer, false)}
      />
    </div>
  )
  return (
    <Page
      title={content.title || t('design.untitled')}
      back={`/s/${shop.slug}/pages`}
      mark={
        <>
          <PageStateTags page={page} />
          <SaveMark save={draft.save} retry={() => void draft.flush()} />
        </>
      }
      actions={
        <Tools
          draft={draft}
          isWritable={isWritable}
          toPage={() => {
            setSelected(undefined)
            setPart('settings')
          }}
          showVersions={() => void draft.flush().then(() => setOpened('versions'), failed)}
          showCode={() => setOpened('code')}
          publish={() => void publish()}
        />
      }
    >
      <EditingProvider value={editing}>
        {isNarrow && (
          <Segmented
            block
            className="design-parts"
            value={part}
            options={(['blocks', 'preview', 'settings'] as const).map((value) => ({
              value,
              label: t(`design.part.${value}`),
            }))}
            onChange={setPart}
          />
        )}
        <Arrange {...{ blocks, add }} move={(from, to) => setBlocks(moveBlock(blocks, from, to))}>
          {(isAdding) => (
            <div className={isNarrow ? 'design-narrow' : 'design-bench'}>
              {(!isNarrow || part === 'blocks') && outline(isAdding)}
              {(!isNarrow || part === 'preview') && phone}
              {(!isNarrow || part === 'settings') && side}
            </div>
          )}
        </Arrange>
      </EditingProvider>
      <Conflict draft={draft} />
      {opened === 'versions' && (
        <PageVersionsDrawer
          page={page}
          layout={{ version: LAYOUT_VERSION, blocks }}
          isWritable={isWritable}
          onRestored={(answer) => draft.take(answer, true)}
          onClose={() => setOpened(undefined)}
        />
      )}
      {opened === 'code' && preview.url !== undefined && (
        <Modal open title={t('design.onPhone')} footer={null} onCancel={() => setOpened(undefined)}>
          <AddressCode url={preview.url} hint={t('design.onPhoneHint')} />
        </Modal>
      )}
      {typeof opened === 'object' && (
        <PublishDialog
          page={opened.publish}
          onPublished={(answer) => draft.take(answer, false)}
          onClose={() => setOpened(undefined)}
        />
      )}
    </Page>
  )
}
