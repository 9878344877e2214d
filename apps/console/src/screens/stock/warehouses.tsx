import { PlusOutlined } from '@ant-design/icons'
import { ROUTES, type Warehouse } from '@zhanggui/contract'
import { Button, Form, Input, InputNumber, Select, Switch, Tag } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { useIsPhone } from '../../kit/media.ts'
import type { Column } from '../../kit/resource-table.tsx'
import { Cards, type RowAction, Rows } from '../../kit/table-rows.tsx'

const columns = (): Column<Warehouse>[] => [
  {
    key: 'name',
    role: 'title',
    title: t('warehouse.name'),
    render: (row) => (
      <span className="cell-text">
        <span className="strong">{row.name}</span>
        <span className="faint">{row.code}</span>
      </span>
    ),
  },
  {
    key: 'kind',
    title: t('warehouse.kind'),
    render: (row) => <Tag color={row.kind === 'central' ? 'success' : 'blue'}>{t(`warehouse.kind.${row.kind}`)}</Tag>,
  },
  { key: 'region', title: t('warehouse.region'), render: (row) => row.region || t('warehouse.everywhere') },
  {
    key: 'priority',
    title: t('warehouse.priority'),
    align: 'right',
    render: (row) => <span className="num">{row.priority}</span>,
  },
  { key: 'skuCount', title: t('warehouse.skus'), align: 'right', render: (row) => <Count of={row.skuCount} /> },
  { key: 'units', title: t('warehouse.units'), align: 'right', render: (row) => <Count of={row.units} /> },
  {
    key: 'active',
    title: t('warehouse.state'),
    render: (row) => (
      <Tag color={row.active ? 'success' : 'default'}>{t(row.active ? 'warehouse.active' : 'warehouse.closed')}</Tag>
    ),
  },
]

/** All rows at once, in their own order, with nothing to choose. */
const WHOLE = {
  ...{ selection: undefined, refreshing: false, dense: false },
  ...{ sort: undefined, setSort: () => undefined, active: -1 },
}

const Count = ({ of }: { of: number }) => <span className="num">{of.toLocaleString()}</span>

/** The shop's warehouses. */
export default function WarehousesPage() {
  const { shopId, may } = useShop()
  const read = useRead('console.warehouses', { params: { shopId } })
  const [edited, setEdited] = useState<Warehouse | 'new'>()
  const writable = may('stock.write')
  const List = useIsPhone() ? Cards<Warehouse> : Rows<Warehouse>
  const edit = (row: Warehouse): RowAction[] => [
    { key: 'edit', label: t('action.edit'), main: true, run: () => setEdited(row) },
  ]
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
      {t('warehouse.create')}
    </Button>
  )
  return (
    <Page title={t('nav.warehouses')} hint={t('warehouse.hint')} actions={writable && add}>
      <section className="resource" data-testid="table-warehouses">
        <Loaded query={read}>
          {({ items }) => (
            <List
              {...WHOLE}
              rows={items}
              shown={columns()}
              rowKey={(row) => row.id}
              actions={writable ? edit : undefined}
            />
          )}
        </Loaded>
      </section>
      {edited && (
        <WarehouseDialog warehouse={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Page>
  )
}

function WarehouseDialog({ warehouse, onClose }: { warehouse: Warehouse | undefined; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const create = useWrite('console.createWarehouse', ['console.warehouses'])
  const update = useWrite('console.updateWarehouse', ['console.warehouses'])
  const { code = '', name = '', kind = 'central', region = '', active = true, priority = 100 } = warehouse ?? {}
  return (
    <FormDialog
      title={warehouse ? t('warehouse.edit', { name: warehouse.name }) : t('warehouse.create')}
      schema={ROUTES['console.createWarehouse'].body}
      initial={{ code, name, kind, region, active, priority }}
      submit={(body) =>
        warehouse
          ? update.mutateAsync({ params: { shopId, warehouseId: warehouse.id }, body })
          : create.mutateAsync({ params: { shopId }, body })
      }
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <div className="pair">
        <Form.Item name="name" label={t('warehouse.name')}>
          <Input maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item name="code" label={t('warehouse.code')} extra={t('warehouse.codeHint')}>
          <Input maxLength={20} />
        </Form.Item>
      </div>
      <div className="pair">
        <Form.Item name="kind" label={t('warehouse.kind')}>
          <Select
            options={(['central', 'front'] as const).map((value) => ({ value, label: t(`warehouse.kind.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="priority" label={t('warehouse.priority')} extra={t('warehouse.priorityHint')}>
          <InputNumber className="wide" min={0} max={999} precision={0} />
        </Form.Item>
      </div>
      <Form.Item name="region" label={t('warehouse.region')}>
        <Input maxLength={60} placeholder={t('warehouse.regionHint')} />
      </Form.Item>
      <Form.Item name="active" label={t('warehouse.active')} valuePropName="checked">
        <Switch />
      </Form.Item>
    </FormDialog>
  )
}
