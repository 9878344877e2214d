import { DEPOSIT_KINDS, type DepositEntry, ROUTES } from '@zhanggui/contract'
import { Button, Card, Form, Tag } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Money, MoneyInput } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { MONEY_STALE } from './withdrawal-dialogs.tsx'

const COLOURS = { 'paid-in': 'success', 'taken-out': 'default', deducted: 'red' } as const

const columns = (): Column<DepositEntry>[] => [
  {
    key: 'kind',
    title: t('settle.kind'),
    role: 'title',
    field: 'kind',
    labels: sayEach(DEPOSIT_KINDS),
    render: (row) => <Tag color={COLOURS[row.kind]}>{say(DEPOSIT_KINDS[row.kind])}</Tag>,
  },
  {
    key: 'amount',
    title: t('settle.amount'),
    align: 'right',
    field: 'amountFen',
    render: (row) => <Money fen={row.kind === 'paid-in' ? row.amountFen : -row.amountFen} strong signed />,
  },
  { key: 'reason', title: t('settle.reason'), render: (row) => row.reason || '—' },
  { key: 'byName', title: t('settle.by'), render: (row) => row.byName },
  { key: 'at', title: t('settle.at'), render: (row) => <InstantText at={row.at} /> },
]

/** The shop's deposit: what is held, what is required, every change. */
export default function DepositsPage() {
  const { shopId, may } = useShop()
  const [kind, setKind] = useState<'paid-in' | 'taken-out'>()
  const read = useRead('console.deposits', { params: { shopId }, query: { limit: 1 } })
  const isEmpty = read.data?.heldFen === 0
  return (
    <Page
      title={t('nav.deposits')}
      actions={
        may('money.write') && (
          <>
            <Button
              disabled={isEmpty}
              title={isEmpty ? t('settle.depositNothing') : undefined}
              onClick={() => setKind('taken-out')}
            >
              {t('settle.depositOut')}
            </Button>
            <Button type="primary" onClick={() => setKind('paid-in')}>
              {t('settle.depositIn')}
            </Button>
          </>
        )
      }
    >
      <div className="stack-l">
        <Loaded query={read} rows={1}>
          {({ heldFen, requiredFen }) => (
            <Card>
              {t('settle.deposit')} <Money fen={heldFen} strong /> · {t('settle.depositRequired')}{' '}
              <Money fen={requiredFen} />
            </Card>
          )}
        </Loaded>
        <ResourceTable
          name="deposits"
          route="console.deposits"
          input={() => ({ params: { shopId } })}
          rowKey={(row) => row.id}
          columns={columns()}
          empty={{ title: t('settle.depositsNone'), hint: t('settle.depositsNoneHint') }}
        />
      </div>
      {kind && <MoveDialog kind={kind} onClose={() => setKind(undefined)} />}
    </Page>
  )
}

const MoveInput = ROUTES['console.moveDeposit'].body.pick({ amountFen: true })

function MoveDialog({ kind, onClose }: { kind: 'paid-in' | 'taken-out'; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const write = useWrite('console.moveDeposit', MONEY_STALE)
  return (
    <FormDialog
      title={t(kind === 'paid-in' ? 'settle.depositIn' : 'settle.depositOut')}
      schema={MoveInput}
      initial={{ amountFen: null as number | null }}
      submit={({ amountFen }, idempotencyKey) =>
        write.mutateAsync({ params: { shopId }, body: { kind, amountFen }, idempotencyKey })
      }
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <Form.Item name="amountFen" label={t('settle.amount')} extra={t('settle.depositMoveHint')}>
        <MoneyInput />
      </Form.Item>
    </FormDialog>
  )
}
