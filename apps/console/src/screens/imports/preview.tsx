import { Alert, Card, Table } from 'antd'
import { useEffect, useRef } from 'react'
import { t } from '../../i18n/index.ts'
import type { Output } from '../../kit/api.ts'
import { Money } from '../../kit/money.tsx'
import { RefusalRows } from './refusals.tsx'

type Preview = Output<'console.previewImport'>

/** What the import would do: the first products, and what it would refuse. */
export function ImportPreview({ preview }: { preview: Preview }) {
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // In braces: newer browsers answer a promise, which must not become the effect's clean-up.
    void top.current?.scrollIntoView({ behavior: 'smooth', block: 'start' })
  }, [])
  return (
    <Card ref={top} className="import-preview" title={t('import.previewTitle')} data-testid="import-preview">
      <Alert
        type={preview.badRows === 0 ? 'success' : 'warning'}
        showIcon
        title={t('import.previewCount', { good: preview.goodRows, bad: preview.badRows })}
        description={preview.badRows > 0 ? t('import.previewHint') : undefined}
      />
      {preview.refusals.length > 0 && (
        <div className="gap-top">
          <RefusalRows rows={preview.refusals} />
        </div>
      )}
      <Table
        className="gap-top"
        size="small"
        rowKey={(product) => product.title + (product.skus[0]?.code ?? '')}
        dataSource={preview.products}
        pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 'max-content' }}
        expandable={{
          rowExpandable: (product) => product.skus.length > 1,
          expandedRowRender: (product) => <Skus skus={product.skus} />,
        }}
        columns={[
          { title: t('product.title'), render: (_, product) => <span className="clamp">{product.title}</span> },
          { title: t('product.category'), dataIndex: 'category' },
          { title: t('product.brand'), dataIndex: 'brand' },
          {
            title: t('import.skus'),
            align: 'right',
            render: (_, product) => <span className="num">{product.skus.length}</span>,
          },
          {
            title: t('product.price'),
            align: 'right',
            render: (_, product) => <Money fen={product.skus[0]?.priceFen} />,
          },
          {
            title: t('product.stock'),
            align: 'right',
            render: (_, product) => (
              <span className="num">{product.skus.reduce((sum, sku) => sum + sku.stock, 0)}</span>
            ),
          },
        ]}
      />
    </Card>
  )
}

function Skus({ skus }: { skus: Preview['products'][number]['skus'] }) {
  return (
    <ul className="plain">
      {skus.map((sku) => (
        <li key={sku.code}>
          {sku.code} · {sku.options} · <Money fen={sku.priceFen} /> · <span className="num">{sku.stock}</span>
        </li>
      ))}
    </ul>
  )
}
