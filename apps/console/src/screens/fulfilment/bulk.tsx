import { CARRIERS, type MerchantOrderRow, ROUTES } from '@zhanggui/contract'
import { Form, Select } from 'antd'
import { useNavigate } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { routeUrl, useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import type { Filter } from '../../kit/filters.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import type { BulkAction } from '../../kit/resource-table.tsx'

const STALE = ['console.orders', 'console.parcels', 'console.orderFulfilment', 'console.waves'] as const

/** Another warehouse or carrier for many orders. */
export function AssignDialog({ orders, onClose }: { orders: MerchantOrderRow[]; onClose: () => void }) {
  const { shopId } = useShop()
  const { done, warn } = useFeedback()
  const assign = useWrite('console.assignOrders', STALE)
  const warehouses = useRead('console.warehouses', { params: { shopId } })
  return (
    <FormDialog
      title={t('assign.title', { count: orders.length })}
      schema={ROUTES['console.assignOrders'].body}
      initial={{ warehouseId: undefined as string | undefined, carrierCode: undefined as string | undefined }}
      toInput={(values) => ({
        orderIds: orders.map((order) => order.id),
        ...(values.warehouseId ? { warehouseId: values.warehouseId } : {}),
        ...(values.carrierCode ? { carrierCode: values.carrierCode } : {}),
      })}
      submit={async (body) => {
        const { done: moved, failed } = await assign.mutateAsync({ params: { shopId }, body })
        if (moved > 0) done(t('fulfilmentBulk.done', { count: moved }))
        for (const each of failed.slice(0, 3)) warn(`${each.label}：${each.reason}`)
      }}
      onClose={onClose}
      okText={t('assign.assign')}
    >
      <p className="soft">{t('assign.hint')}</p>
      <Form.Item name="warehouseId" label={t('assign.warehouse')}>
        <Select
          allowClear
          placeholder={t('assign.keep')}
          options={(warehouses.data?.items ?? [])
            .filter((each) => each.active)
            .map((each) => ({ value: each.id, label: each.name }))}
        />
      </Form.Item>
      <Form.Item name="carrierCode" label={t('assign.carrier')}>
        <Select
          allowClear
          placeholder={t('assign.keep')}
          options={Object.entries(CARRIERS).map(([value, label]) => ({ value, label }))}
        />
      </Form.Item>
    </FormDialog>
  )
}

/** Filters of the list of orders by how they leave, and those that are seldom used. */
export function useFulfilmentFilters(): { main: Filter[]; more: Filter[] } {
  const { shopId } = useShop()
  const warehouses = useRead('console.warehouses', { params: { shopId } })
  const rules = useRead('console.routingRules', { params: { shopId } })
  const waves = useRead('console.waves', { params: { shopId }, query: { limit: 50 } })
  const main: Filter[] = [
    {
      kind: 'choice',
      name: 'warehouseId',
      label: t('filter.warehouse'),
      options: (warehouses.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
    },
    {
      kind: 'choice',
      name: 'carrierCode',
      label: t('filter.carrier'),
      options: Object.entries(CARRIERS).map(([value, label]) => ({ value, label })),
    },
  ]
  const more: Filter[] = [
    {
      kind: 'choice',
      name: 'prePack',
      label: t('filter.prePack'),
      options: [
        { value: 'true', label: t('filter.yes') },
        { value: 'false', label: t('filter.no') },
      ],
    },
    {
      kind: 'choice',
      name: 'ruleId',
      label: t('filter.rule'),
      options: (rules.data?.rules ?? []).map(({ id, name }) => ({ value: id, label: name })),
    },
    {
      kind: 'choice',
      name: 'waveId',
      label: t('wave.wave'),
      options: (waves.data?.items ?? []).map(({ id, code, name }) => ({
        value: id,
        label: name === '' ? code : `${code} ${name}`,
      })),
    },
  ]
  return { main, more }
}

/** What is done with many orders at once. */
export function useOrderBulk(assign: (rows: MerchantOrderRow[]) => void): BulkAction<MerchantOrderRow>[] {
  const { shop, shopId, may } = useShop()
  const navigate = useNavigate()
  const { done, failed, warn } = useFeedback()
  const create = useWrite('console.createWave', STALE)
  if (!may('orders.ship')) return []
  const wave = async (rows: MerchantOrderRow[]) => {
    try {
      const body = { orderIds: rows.map((row) => row.id), name: '' }
      const { waves, skipped } = await create.mutateAsync({
        params: { shopId },
        body,
        idempotencyKey: crypto.randomUUID(),
      })
      done(t('wave.made', { count: waves.length }))
      const [first] = skipped
      if (first) warn(t('wave.skipped', { count: skipped.length, reason: `${first.orderNo} ${first.reason}` }))
      void navigate(`/s/${shop.slug}/waves`)
    } catch (error) {
      failed(error)
    }
  }
  const idsOf = (rows: MerchantOrderRow[]) => rows.map((row) => row.id).join(',')
  const print = (kind: string) => (rows: MerchantOrderRow[]) =>
    void navigate(`/s/${shop.slug}/print?kind=${kind}&orders=${idsOf(rows)}`)
  return [
    { key: 'wave', label: t('wave.make'), run: wave },
    { key: 'assign', label: t('assign.assign'), run: assign },
    { key: 'picking', label: t('parcel.printPicking'), run: print('picking') },
    { key: 'slip', label: t('parcel.printSlip'), run: print('slip') },
    { key: 'label', label: t('parcel.printLabel'), run: print('label') },
    {
      key: 'sheet',
      label: t('order.shipBySheet'),
      run: (rows) =>
        location.assign(routeUrl('console.shipSheet', { params: { shopId }, query: { orders: idsOf(rows) } })),
    },
  ]
}
