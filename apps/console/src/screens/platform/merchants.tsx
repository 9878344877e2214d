import {
  FREEZE_CASES,
  type FreezeInput,
  MERCHANT_LEVELS,
  type MerchantLevel,
  type MerchantTerms,
  ROUTES,
} from '@zhanggui/contract'
import { Form, Input, Select, Tag } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { ForbiddenPage } from '../../app/error-pages.tsx'
import { Page } from '../../app/page.tsx'
import { usePlatform } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { MoneyInput } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'

const columns = (): Column<MerchantTerms>[] => [
  { key: 'name', title: t('shop.name'), role: 'title', render: (row) => <span className="strong">{row.name}</span> },
  {
    key: 'level',
    title: t('settle.level'),
    width: 130,
    field: 'level',
    render: (row) => <Tag color={row.level === 'new' ? 'default' : 'blue'}>{say(MERCHANT_LEVELS[row.level])}</Tag>,
  },
  { key: 'note', title: t('settle.note'), render: (row) => row.note || '—' },
  { key: 'changedBy', title: t('settle.by'), render: (row) => row.changedBy || '—' },
  { key: 'changedAt', title: t('settle.at'), render: (row) => <InstantText at={row.changedAt} /> },
]

type Doing = { what: 'level' | 'freeze' | 'deduct'; row: MerchantTerms }

/** What each shop is to the platform: its level, and money that is frozen or deducted. */
export default function MerchantsPage() {
  const may = usePlatform()
  const [doing, setDoing] = useState<Doing>()
  if (!may('platform.money')) return <ForbiddenPage permission="platform.money" />
  const action = (what: Doing['what'], row: MerchantTerms, label: string, main = false) => ({
    ...{ key: what, label, main },
    run: () => setDoing({ what, row }),
  })
  const close = () => setDoing(undefined)
  return (
    <Page title={t('nav.merchants')}>
      <ResourceTable
        name="merchants"
        route="platform.merchants"
        input={({ q }) => ({ query: { q } })}
        rowKey={(row) => row.shopId}
        columns={columns()}
        filters={[{ kind: 'search', name: 'q', label: t('shop.search') }]}
        actions={(row) => [
          action('level', row, t('settle.setLevel'), true),
          action('freeze', row, t('settle.freeze')),
          action('deduct', row, t('settle.deduct')),
        ]}
        exportable={false}
        empty={{ title: t('shop.none') }}
      />
      {doing?.what === 'level' && <LevelDialog row={doing.row} onClose={close} />}
      {doing?.what === 'freeze' && <FreezeDialog row={doing.row} onClose={close} />}
      {doing?.what === 'deduct' && <DeductDialog row={doing.row} onClose={close} />}
    </Page>
  )
}

interface DialogProps {
  row: MerchantTerms
  onClose: () => void
}

function LevelDialog({ row, onClose }: DialogProps) {
  const { done } = useFeedback()
  const write = useWrite('platform.setMerchantLevel', ['platform.merchants'])
  const { shopId, level, note, version } = row
  return (
    <FormDialog
      title={`${t('settle.setLevel')} · ${row.name}`}
      schema={ROUTES['platform.setMerchantLevel'].body}
      initial={{ level, note, version }}
      toInput={(values) => ({ ...values, version })}
      submit={(body) => write.mutateAsync({ params: { shopId }, body })}
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <Form.Item name="level" label={t('settle.level')} extra={t('settle.levelHint')}>
        <Select
          options={(Object.keys(MERCHANT_LEVELS) as MerchantLevel[]).map((value) => ({
            value,
            label: say(MERCHANT_LEVELS[value]),
          }))}
        />
      </Form.Item>
      <Form.Item name="note" label={t('settle.note')}>
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  )
}

const FreezeForm = z.object({
  amountFen: z.int().min(1),
  caseKind: z.enum(['routine', 'serious']),
  reason: z.string().trim().min(2).max(300),
})

function FreezeDialog({ row, onClose }: DialogProps) {
  const { done } = useFeedback()
  const write = useWrite('platform.openFreeze', ['platform.freezes'])
  const submit = ({ amountFen, ...rest }: z.infer<typeof FreezeForm>, idempotencyKey: string) => {
    const body: FreezeInput = { what: { kind: 'amount', amountFen }, ...rest }
    return write.mutateAsync({ params: { shopId: row.shopId }, body, idempotencyKey })
  }
  return (
    <FormDialog
      title={`${t('settle.freeze')} · ${row.name}`}
      schema={FreezeForm}
      initial={{ amountFen: null as number | null, caseKind: 'routine', reason: '' }}
      submit={submit}
      onDone={() => done(t('settle.frozenDone'))}
      onClose={onClose}
      okText={t('settle.freeze')}
      danger
    >
      <Form.Item name="amountFen" label={t('settle.amount')} extra={t('settle.freezeHint')}>
        <MoneyInput />
      </Form.Item>
      <Form.Item name="caseKind" label={t('settle.case')}>
        <Select
          options={(['routine', 'serious'] as const).map((value) => ({ value, label: say(FREEZE_CASES[value]) }))}
        />
      </Form.Item>
      <Form.Item name="reason" label={t('settle.reason')}>
        <Input.TextArea maxLength={300} rows={3} />
      </Form.Item>
    </FormDialog>
  )
}

function DeductDialog({ row, onClose }: DialogProps) {
  const { done } = useFeedback()
  const write = useWrite('platform.deductDeposit', ['platform.merchants'])
  return (
    <FormDialog
      title={`${t('settle.deduct')} · ${row.name}`}
      schema={ROUTES['platform.deductDeposit'].body}
      initial={{ amountFen: null as number | null, reason: '' }}
      submit={(body, idempotencyKey) => write.mutateAsync({ params: { shopId: row.shopId }, body, idempotencyKey })}
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
      okText={t('settle.deduct')}
      danger
    >
      <Form.Item name="amountFen" label={t('settle.amount')}>
        <MoneyInput />
      </Form.Item>
      <Form.Item name="reason" label={t('settle.reason')}>
        <Input.TextArea maxLength={300} rows={3} />
      </Form.Item>
    </FormDialog>
  )
}
