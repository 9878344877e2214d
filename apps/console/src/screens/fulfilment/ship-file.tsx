import { CARRIER_TABLE, type ShipRow } from '@zhanggui/contract'
import { Button, Progress, Tabs, Tag } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { api, queryClient, useRead } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { useFilters } from '../../kit/use-list.ts'

const COLOURS = { ready: 'orange', shipped: 'success', same: 'default', refused: 'red' } as const

const columns = (): Column<ShipRow>[] => [
  { key: 'line', title: t('shipFile.line'), width: 70, render: (row) => <span className="num">{row.line}</span> },
  { key: 'code', title: t('shipFile.code'), role: 'title', render: (row) => <span className="num">{row.code}</span> },
  {
    key: 'carrier',
    field: 'carrierText',
    title: t('shipFile.carrier'),
    render: (row) => (row.carrierCode ? say(CARRIER_TABLE[row.carrierCode]) : row.carrierText),
  },
  {
    key: 'tracking',
    field: 'trackingNo',
    title: t('shipFile.tracking'),
    render: (row) => <span className="num">{row.trackingNo}</span>,
  },
  {
    key: 'state',
    title: t('shipFile.state'),
    render: (row) => <Tag color={COLOURS[row.state]}>{t(`shipFile.${row.state}`)}</Tag>,
  },
  { key: 'reason', title: t('shipFile.reason'), render: (row) => row.reason },
]

/** What would become of each row, then what became of it. */
export default function ShipFilePage() {
  const { shop, shopId } = useShop()
  const { fileId = '' } = useParams()
  const { done, failed } = useFeedback()
  const { filters, setFilter } = useFilters()
  const [running, setRunning] = useState<{ done: number; total: number }>()
  const read = useRead('console.shipFile', { params: { shopId, fileId } })
  const apply = async (total: number) => {
    setRunning({ done: 0, total })
    try {
      for (;;) {
        const file = await api('console.applyShipFile', { params: { shopId, fileId }, body: { limit: 50 } })
        setRunning({ done: total - file.ready, total })
        if (file.ready > 0) continue
        done(t('shipFile.applied', { shipped: file.shipped, refused: file.refused }))
        break
      }
    } catch (error) {
      failed(error)
    }
    setRunning(undefined)
    await queryClient.invalidateQueries()
  }
  return (
    <Page
      title={read.data?.fileName ?? t('nav.shipFiles')}
      back={`/s/${shop.slug}/ship-files`}
      actions={
        read.data &&
        read.data.ready > 0 && (
          <Button
            type="primary"
            data-testid="ship-file-apply"
            loading={running !== undefined}
            onClick={() => void apply(read.data.ready)}
          >
            {t('shipFile.apply', { count: read.data.ready })}
          </Button>
        )
      }
    >
      <Loaded query={read}>
        {(file) => (
          <>
            {running && (
              <div className="gap-bottom">
                <Progress percent={Math.round((running.done / running.total) * 100)} />
                <span className="soft">{t('shipFile.applying', running)}</span>
              </div>
            )}
            <Tabs
              activeKey={filters.state ?? 'all'}
              onChange={(state) => setFilter('state', state === 'all' ? undefined : state)}
              items={[
                { key: 'all', label: `${t('shipFile.all')} ${file.total}` },
                ...(['ready', 'refused', 'shipped', 'same'] as const).map((state) => ({
                  key: state,
                  label: `${t(`shipFile.${state}`)} ${file[state]}`,
                })),
              ]}
            />
          </>
        )}
      </Loaded>
      <ResourceTable
        name="ship-rows"
        route="console.shipRows"
        input={(values) => ({
          params: { shopId, fileId },
          query: { state: values.state as ShipRow['state'] | undefined },
        })}
        rowKey={(row) => String(row.line)}
        columns={columns()}
        limit={50}
        empty={{ title: t('shipFile.noRows') }}
      />
    </Page>
  )
}
