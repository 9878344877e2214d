import type { BulkEdit } from '@zhanggui/contract'
import { Modal, Table, Tag } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Failure, useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { Running } from './bulk-dialog.tsx'

const STALE = ['console.bulkEdits', 'console.bulkEdit', 'console.products', 'console.product'] as const
const COLOURS = { running: 'processing', done: 'success', undoing: 'processing', undone: 'default' } as const
const REFUSALS_SHOWN = 100

const columns = (): Column<BulkEdit>[] => [
  {
    key: 'summary',
    title: t('bulk.what'),
    role: 'title',
    render: (row) => <span className="wrap">{row.summary}</span>,
  },
  {
    key: 'state',
    title: t('bulk.state'),
    width: 130,
    render: (row) => (
      <Tag color={COLOURS[row.state]}>
        {t(`bulk.state.${row.state}`)}
        {(row.state === 'running' || row.state === 'undoing') && ` ${row.done}/${row.total}`}
      </Tag>
    ),
  },
  number('total', t('bulk.total')),
  number('changed', t('bulk.changed')),
  number('refused', t('bulk.refused')),
  number('undone', t('bulk.takenBack')),
  { key: 'by', field: 'actorName', title: t('bulk.by'), width: 110, render: (row) => row.actorName },
  {
    key: 'at',
    field: 'createdAt',
    title: t('bulk.at'),
    width: 150,
    render: (row) => <InstantText at={row.createdAt} />,
  },
  {
    key: 'until',
    field: 'undoBefore',
    title: t('bulk.undoBefore'),
    width: 150,
    render: (row) => (row.undoBefore ? <InstantText at={row.undoBefore} /> : <span className="faint">—</span>),
  },
]

function number(key: 'total' | 'done' | 'changed' | 'refused' | 'undone', title: string): Column<BulkEdit> {
  return { key, title, align: 'right', width: 90, render: (row) => <span className="num">{row[key]}</span> }
}

/** Bulk edits of the past: what they changed, what they left alone and why, and taking one back. */
export default function BulkEditsPage() {
  const { shopId, may } = useShop()
  const { confirm, done } = useFeedback()
  const undo = useWrite('console.undoBulkEdit', STALE)
  const [shown, setShown] = useState<BulkEdit>()
  const [watched, setWatched] = useState<string>()
  const finished = (edit: BulkEdit) => {
    setWatched(undefined)
    done(t('bulk.undone', { count: edit.undone }))
  }
  const takeBack = (row: BulkEdit) =>
    confirm({
      title: t('bulk.undoAsk', { count: row.changed }),
      content: t('bulk.undoHint', { what: row.summary }),
      okText: t('bulk.undo'),
      danger: true,
      run: async () => {
        const edit = await undo.mutateAsync({ params: { shopId, bulkEditId: row.id } })
        if (edit.state === 'undoing') setWatched(edit.id)
        else finished(edit)
      },
    })
  return (
    <Page title={t('nav.bulkEdits')} hint={t('bulk.pastHint')}>
      <ResourceTable
        name="bulk-edits"
        route="console.bulkEdits"
        input={() => ({ params: { shopId } })}
        rowKey={(row) => row.id}
        columns={columns()}
        actions={(row) => [
          ...(row.refused > 0 || row.undone < row.changed
            ? [{ key: 'why', label: t('bulk.refusals'), main: true, run: () => setShown(row) }]
            : []),
          ...(may('catalog.write') && row.undoBefore !== null
            ? [{ key: 'undo', label: t('bulk.undo'), main: true, danger: true, run: () => takeBack(row) }]
            : []),
        ]}
        empty={{ title: t('bulk.noneYet'), hint: t('bulk.noneYetHint') }}
      />
      {shown && <Refusals edit={shown} onClose={() => setShown(undefined)} />}
      {watched !== undefined && (
        <Modal open title={t('bulk.undoing')} footer={null} onCancel={() => setWatched(undefined)}>
          <Running id={watched} onDone={finished} />
        </Modal>
      )}
    </Page>
  )
}

/** The products that an edit, or its undo, left alone, page by page, each with the reason. */
function Refusals({ edit, onClose }: { edit: BulkEdit; onClose: () => void }) {
  const { shopId } = useShop()
  const [cursors, setCursors] = useState<string[]>([])
  const read = useRead(
    'console.bulkEditRefusals',
    { params: { shopId, bulkEditId: edit.id }, query: { limit: REFUSALS_SHOWN, cursor: cursors.at(-1) } },
    { keepPrevious: true },
  )
  const next = read.data?.nextCursor ?? null
  return (
    <Modal
      open
      title={t('bulk.refusals')}
      width={640}
      onCancel={onClose}
      okText={t('list.next')}
      okButtonProps={{ disabled: next === null, loading: read.isFetching }}
      onOk={() => next !== null && setCursors([...cursors, next])}
      cancelText={cursors.length > 0 ? t('list.previous') : t('action.cancel')}
      cancelButtonProps={{ onClick: cursors.length > 0 ? () => setCursors(cursors.slice(0, -1)) : onClose }}
    >
      {read.isError ? (
        <Failure error={read.error} retry={() => void read.refetch()} />
      ) : (
        <Table
          size="small"
          rowKey="productId"
          loading={read.isPending}
          pagination={false}
          scroll={{ y: 360 }}
          dataSource={read.data?.items ?? []}
          locale={{ emptyText: t('bulk.noRefusals') }}
          columns={[
            { title: t('product.title'), dataIndex: 'title', width: '45%' },
            { title: t('product.reason'), dataIndex: 'reason' },
          ]}
        />
      )}
    </Modal>
  )
}
