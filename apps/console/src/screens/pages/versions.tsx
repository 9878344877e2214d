import {
  compareLayouts,
  type DesignedPage,
  type DraftLayout,
  type LayoutChanges,
  type PageVersionRow,
} from '@zhanggui/contract'
import { Button, Drawer, Empty, Modal, Tag } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { cursorOf, FIRST_PAGE } from '../../kit/cursor-stack.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { Pager } from '../../kit/pager.tsx'
import { Timeline } from '../../kit/timeline.tsx'
import { blockHint } from './layout-edit.ts'
import { PhonePreview, usePreviewAddress } from './preview.tsx'

interface Props {
  page: DesignedPage
  /** The draft as it is edited now. */
  layout: DraftLayout
  isWritable: boolean
  onRestored: (page: DesignedPage) => void
  onClose: () => void
}

/** What was published and kept: looked at, compared with the draft, made the draft again. */
export function PageVersionsDrawer({ page, layout, isWritable, onRestored, onClose }: Props) {
  const { shopId } = useShop()
  const { confirm, done } = useFeedback()
  const [stack, setStack] = useState(FIRST_PAGE)
  const [compared, setCompared] = useState<number>()
  const params = { shopId, pageId: page.id }
  const read = useRead('console.pageVersions', { params, query: { cursor: cursorOf(stack), limit: 20 } })
  const write = useWrite('console.restorePageVersion', ['console.pages', 'console.pageVersions'])
  const restore = (number: number) =>
    confirm({
      title: t('design.restoreAsk', { number }),
      content: t('design.restoreHint'),
      okText: t('design.restore'),
      run: async () => {
        onRestored(await write.mutateAsync({ params: { ...params, number }, body: { revision: page.revision } }))
        done(t('design.restored', { number }))
        setCompared(undefined)
      },
    })
  return (
    <Drawer open size={460} title={t('design.versions')} onClose={onClose}>
      <Loaded query={read}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('design.noVersions')} />
          ) : (
            <>
              <Timeline
                label={t('design.versions')}
                entries={items.map((version) => ({
                  key: version.number,
                  at: version.createdAt,
                  who: version.createdBy,
                  what: <VersionWords version={version} />,
                  detail: (
                    <span>
                      <Button size="small" onClick={() => setCompared(version.number)}>
                        {t('design.compare')}
                      </Button>{' '}
                      {isWritable && (
                        <Button size="small" onClick={() => restore(version.number)}>
                          {t('design.restore')}
                        </Button>
                      )}
                    </span>
                  ),
                }))}
              />
              <Pager stack={stack} nextCursor={nextCursor} onMove={setStack} />
            </>
          )
        }
      </Loaded>
      {compared !== undefined && (
        <CompareDialog
          page={page}
          layout={layout}
          number={compared}
          {...(isWritable ? { restore: () => restore(compared) } : {})}
          onClose={() => setCompared(undefined)}
        />
      )}
    </Drawer>
  )
}

function VersionWords({ version }: { version: PageVersionRow }) {
  return (
    <span>
      <span className="strong">{t('design.version', { number: version.number })}</span>{' '}
      {version.isShown && <Tag color="success">{t('design.state.shown')}</Tag>}
      {version.kind === 'kept' && <Tag>{t('design.kept')}</Tag>}
      <span className="soft">{version.note || version.title}</span>
    </span>
  )
}

/** A version beside the draft: what has become of each block, and both as buyers would see them. */
function CompareDialog({
  page,
  layout,
  number,
  restore,
  onClose,
}: {
  page: DesignedPage
  layout: DraftLayout
  number: number
  restore?: () => void
  onClose: () => void
}) {
  const { shopId } = useShop()
  const read = useRead('console.pageVersion', { params: { shopId, pageId: page.id, number } })
  const [before, after] = [usePreviewAddress(page.id, number), usePreviewAddress(page.id, null)]
  return (
    <Modal
      open
      width={900}
      title={t('design.compareTitle', { number })}
      onCancel={onClose}
      footer={restore && <Button onClick={restore}>{t('design.restore')}</Button>}
    >
      <Loaded query={read}>{(version) => <Changes before={version.layout} after={layout} />}</Loaded>
      <div className="design-compare">
        <section aria-label={t('design.version', { number })}>
          <h3>{t('design.version', { number })}</h3>
          <PhonePreview {...before} title={t('design.version', { number })} />
        </section>
        <section aria-label={t('design.draft')}>
          <h3>{t('design.draft')}</h3>
          <PhonePreview {...after} title={t('design.draft')} revision={page.revision} />
        </section>
      </div>
    </Modal>
  )
}

const WAYS = ['added', 'removed', 'changed', 'moved'] as const satisfies readonly (keyof LayoutChanges)[]

function Changes({ before, after }: { before: DraftLayout; after: DraftLayout }) {
  const changes = compareLayouts(before, after)
  const blocks = new Map([...before.blocks, ...after.blocks].map((block) => [block.id, block]))
  if (WAYS.every((way) => changes[way].length === 0)) return <p className="soft">{t('design.noDifference')}</p>
  return (
    <ul className="plain design-changes">
      {WAYS.flatMap((way) =>
        changes[way].map(({ id, kind }) => (
          <li key={way + id}>
            <Tag color={{ added: 'success', removed: 'error', changed: 'blue', moved: 'default' }[way]}>
              {t(`design.change.${way}`)}
            </Tag>
            {t(`design.kind.${kind}`)} <span className="faint">{blockHint(blocks.get(id)!)}</span>
          </li>
        )),
      )}
    </ul>
  )
}
