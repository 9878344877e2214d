import { Tag } from 'antd'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import type { RowOf } from '../../kit/use-list.ts'

type Print = RowOf<'console.prints'>

const columns = (): Column<Print>[] => [
  {
    key: 'what',
    field: 'label',
    title: t('prints.what'),
    role: 'title',
    render: (row) => (
      <span className="cell-text">
        <span className="strong num">{row.label}</span>
        <span className="faint">{t(`print.${row.kind}`)}</span>
      </span>
    ),
  },
  {
    key: 'nth',
    title: t('prints.nth'),
    render: (row) =>
      row.nth === 1 ? t('prints.first') : <Tag color="orange">{t('prints.again', { nth: row.nth })}</Tag>,
  },
  { key: 'by', title: t('prints.by'), render: (row) => row.by || '–' },
  { key: 'at', title: t('prints.at'), width: 170, render: (row) => <InstantText at={row.at} /> },
]

/** Who printed what, and what was printed again. */
export default function PrintsPage() {
  const { shop, shopId } = useShop()
  return (
    <Page title={t('prints.title')} hint={t('prints.hint')} back={`/s/${shop.slug}/waves`}>
      <ResourceTable
        name="prints"
        route="console.prints"
        input={() => ({ params: { shopId } })}
        rowKey={(row) => row.id}
        columns={columns()}
        empty={{ title: t('prints.none'), hint: t('prints.noneHint') }}
      />
    </Page>
  )
}
