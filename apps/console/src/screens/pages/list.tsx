import { PlusOutlined } from '@ant-design/icons'
import type { DesignedPageRow } from '@zhanggui/contract'
import { Button, Modal, Tag } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import type { Filter } from '../../kit/filters.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable, type RowAction } from '../../kit/resource-table.tsx'
import { NewPageDialog } from './new-page-dialog.tsx'
import { AddressCode, HOME, PageStateTags, ShowingTimes } from './page-state.tsx'

const columns = (shopSlug: string): Column<DesignedPageRow>[] => [
  {
    key: 'title',
    title: t('design.pageTitle'),
    role: 'title',
    render: (row) => (
      <span className="cell-text">
        <span>
          <Link className="strong" to={`/s/${shopSlug}/pages/${row.id}`}>
            {row.title}
          </Link>{' '}
          {row.slug === HOME && <Tag color="success">{t('design.role.home')}</Tag>}
        </span>
        <span className="faint small">{row.slug === HOME ? '/' : `/pages/${row.slug}`}</span>
      </span>
    ),
  },
  { key: 'state', title: t('design.state'), field: false, render: (row) => <PageStateTags page={row} /> },
  {
    key: 'shown',
    title: t('design.shownFor'),
    field: 'shown.startsAt',
    render: (row) => (row.shown ? <ShowingTimes showing={row.shown} /> : <span className="faint">—</span>),
  },
  {
    key: 'next',
    title: t('design.nextFor'),
    field: 'next.startsAt',
    render: (row) => (row.next ? <ShowingTimes showing={row.next} /> : <span className="faint">—</span>),
  },
  { key: 'url', title: t('design.url'), role: 'hidden', render: (row) => <span className="small">{row.url}</span> },
  {
    key: 'draftAt',
    title: t('design.draftAt'),
    render: (row) => (
      <span className="cell-text">
        <InstantText at={row.draftAt} />
        <span className="soft">{row.draftBy}</span>
      </span>
    ),
  },
]

const filters = (): Filter[] => [{ kind: 'search', name: 'q', label: t('design.search') }]

/** The pages that the shop has designed: its home page, and pages of campaigns. */
export default function PagesPage() {
  const { shop, shopId, may } = useShop()
  const navigate = useNavigate()
  const { confirm, done } = useFeedback()
  const [isNew, setNew] = useState(false)
  const [copied, setCopied] = useState<DesignedPageRow>()
  const [coded, setCoded] = useState<DesignedPageRow>()
  const remove = useWrite('console.deletePage', ['console.pages'])
  const isWritable = may('pages.write')
  const open = (row: DesignedPageRow) => void navigate(`/s/${shop.slug}/pages/${row.id}`)
  const askDelete = (row: DesignedPageRow) =>
    confirm({
      title: t('design.deleteAsk', { title: row.title }),
      content: t('design.deleteHint'),
      okText: t('action.remove'),
      danger: true,
      run: async () => {
        await remove.mutateAsync({ params: { shopId, pageId: row.id } })
        done(t('design.deleted'))
      },
    })
  const actions = (row: DesignedPageRow): RowAction[] => [
    { key: 'edit', label: t(isWritable ? 'design.edit' : 'action.open'), main: true, run: () => open(row) },
    { key: 'code', label: t('design.code'), run: () => setCoded(row) },
    ...(isWritable
      ? [
          { key: 'copy', label: t('design.copyPage'), run: () => setCopied(row) },
          { key: 'delete', label: t('action.remove'), danger: true, run: () => askDelete(row) },
        ]
      : []),
  ]
  const create = isWritable && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setNew(true)}>
      {t('design.create')}
    </Button>
  )
  return (
    <Page title={t('nav.pages')} actions={create}>
      <ResourceTable
        name="pages"
        route="console.pages"
        input={({ q }) => ({ params: { shopId }, query: { q } })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        filters={filters()}
        actions={actions}
        onRow={open}
        empty={{ title: t('design.none'), hint: t('design.noneHint'), action: create }}
      />
      {(isNew || copied) && (
        <NewPageDialog
          from={copied}
          onClose={() => {
            setNew(false)
            setCopied(undefined)
          }}
        />
      )}
      {coded && (
        <Modal open title={coded.title} footer={null} onCancel={() => setCoded(undefined)}>
          <AddressCode url={coded.url} hint={t(coded.shown ? 'design.codeHint' : 'design.codeNotShown')} />
        </Modal>
      )}
    </Page>
  )
}
