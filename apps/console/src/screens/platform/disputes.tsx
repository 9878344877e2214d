import type { AftersaleListRow, MerchantAftersale } from '@zhanggui/contract'
import { Button, Drawer, Tabs } from 'antd'
import { useState } from 'react'
import { ForbiddenPage } from '../../app/error-pages.tsx'
import { Page } from '../../app/page.tsx'
import { usePlatform } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { ResourceTable } from '../../kit/resource-table.tsx'
import { useFilters } from '../../kit/use-list.ts'
import { CaseCards } from '../aftersale/case-cards.tsx'
import { caseColumns } from '../aftersale/columns.tsx'
import { RuleDialog } from '../aftersale/dialogs.tsx'

/** Disputes of all shops, for the platform's staff to decide over. */
export default function DisputesPage() {
  const may = usePlatform()
  const { filters, setFilter } = useFilters()
  const [shown, setShown] = useState<AftersaleListRow>()
  if (!may('platform.shops')) return <ForbiddenPage permission="platform.shops" />
  const isRuled = filters.ruled !== undefined
  return (
    <Page title={t('nav.disputes')} hint={t('dispute.hint')}>
      <Tabs
        activeKey={isRuled ? 'ruled' : 'waiting'}
        onChange={(key) => setFilter('ruled', key === 'ruled' ? 'true' : undefined)}
        items={[
          { key: 'waiting', label: t('dispute.waiting') },
          { key: 'ruled', label: t('dispute.ruled') },
        ]}
      />
      <ResourceTable
        name="disputes"
        route="platform.aftersales"
        input={({ q, ruled }) => ({ query: { q, ...(ruled === undefined ? {} : { ruled: 'true' }) } })}
        rowKey={(row) => row.id}
        columns={caseColumns(true)}
        filters={[{ kind: 'search', name: 'q', label: t('dispute.search') }]}
        onRow={setShown}
        exportable={false}
        empty={{ title: isRuled ? t('dispute.noneRuled') : t('dispute.none') }}
      />
      {shown && <CaseDrawer row={shown} onClose={() => setShown(undefined)} />}
    </Page>
  )
}

function CaseDrawer({ row, onClose }: { row: AftersaleListRow; onClose: () => void }) {
  const read = useRead('platform.aftersale', { params: { shopId: row.shopId, caseId: row.id } })
  const [ruling, setRuling] = useState<MerchantAftersale>()
  const { data } = read
  return (
    <Drawer
      open
      title={t('aftersale.no', { no: row.caseNo })}
      size="large"
      onClose={onClose}
      extra={
        data?.actions.includes('rule') && (
          <Button type="primary" onClick={() => setRuling(data)}>
            {t('dispute.rule')}
          </Button>
        )
      }
    >
      <Loaded query={read}>{(shown) => <CaseCards row={shown} isNarrow />}</Loaded>
      {ruling && <RuleDialog row={ruling} onClose={() => setRuling(undefined)} />}
    </Drawer>
  )
}
