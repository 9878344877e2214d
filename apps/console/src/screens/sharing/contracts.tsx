import { PlusOutlined } from '@ant-design/icons'
import { CONTRACT_STATES, type Contract, type ContractState } from '@zhanggui/contract'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { messagesUnder, t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable, type RowAction } from '../../kit/resource-table.tsx'
import { ContractDialog } from './contract-dialog.tsx'
import { KindTag } from './parties.tsx'
import { rateText } from './words.ts'

export const CONTRACT_STALE = ['console.contracts', 'console.contract', 'console.parties', 'console.party'] as const
const STATE_COLOURS = { draft: 'default', active: 'success', paused: 'gold', ended: 'red' } as const

const columns = (slug: string): Column<Contract>[] => [
  {
    key: 'name',
    title: t('contract.name'),
    role: 'title',
    render: (row) => <span className="strong">{row.name}</span>,
  },
  {
    key: 'partyName',
    title: t('party.party'),
    render: (row) => (
      <span className="row-tight">
        <Link to={`/s/${slug}/parties/${row.partyId}`}>{row.partyName}</Link> <KindTag kind={row.partyKind} />
      </span>
    ),
  },
  {
    key: 'rate',
    title: t('contract.rate'),
    field: false,
    render: (row) => <span className="num">{rateText(row)}</span>,
  },
  {
    key: 'goods',
    title: t('contract.goods'),
    field: 'goods.kind',
    labels: messagesUnder('contract.goods.'),
    render: (row) => goodsText(row),
  },
  {
    key: 'payBy',
    title: t('contract.payBy'),
    labels: messagesUnder('contract.payBy.'),
    render: (row) => t(`contract.payBy.${row.payBy}`),
  },
  {
    key: 'priority',
    title: t('contract.priority'),
    align: 'right',
    render: (row) => <span className="num">{row.priority}</span>,
  },
  {
    key: 'validFrom',
    title: t('contract.valid'),
    render: (row) => (
      <span className="small">
        <InstantText at={row.validFrom} /> –{' '}
        {row.validUntil ? <InstantText at={row.validUntil} /> : t('contract.noEnd')}
      </span>
    ),
  },
  {
    key: 'state',
    title: t('party.state'),
    render: (row) => <Tag color={STATE_COLOURS[row.state]}>{t(`contract.state.${row.state}`)}</Tag>,
  },
]

const goodsText = ({ goods, accountIds }: Contract): string => {
  const what =
    goods.kind === 'all' ? t('contract.goods.all') : `${t(`contract.goods.${goods.kind}`)} × ${goods.ids.length}`
  return accountIds.length === 0 ? what : `${what} · ${t('contract.ofAccounts', { count: accountIds.length })}`
}

/** Terms between the shop and its parties. */
export default function ContractsPage() {
  const { shop, shopId, may } = useShop()
  const { confirm, done } = useFeedback()
  const [edited, setEdited] = useState<Contract | 'new'>()
  const setState = useWrite('console.setContractState', CONTRACT_STALE)
  const remove = useWrite('console.deleteContract', CONTRACT_STALE)
  const writable = may('parties.write')
  const to = (row: Contract, state: 'active' | 'paused' | 'ended') =>
    confirm({
      title: t(`contract.ask.${state}`, { name: row.name }),
      content: t(`contract.hint.${state}`),
      okText: t(`contract.do.${state}`),
      danger: state === 'ended',
      run: async () => {
        await setState.mutateAsync({ params: { shopId, contractId: row.id }, body: { state, version: row.version } })
        done(t('action.saved'))
      },
    })
  const action = (row: Contract, state: 'active' | 'paused' | 'ended', main = false): RowAction => ({
    ...{ key: state, label: t(`contract.do.${state}`), main, danger: state === 'ended' },
    run: () => to(row, state),
  })
  const actions = (row: Contract): RowAction[] => {
    if (!writable || row.state === 'ended') return []
    const edit: RowAction = { key: 'edit', label: t('action.edit'), main: true, run: () => setEdited(row) }
    const drop: RowAction = {
      ...{ key: 'remove', label: t('action.remove'), danger: true },
      run: () =>
        confirm({
          title: t('contract.removeAsk', { name: row.name }),
          okText: t('action.remove'),
          danger: true,
          run: () => remove.mutateAsync({ params: { shopId, contractId: row.id } }),
        }),
    }
    if (row.state === 'draft') return [action(row, 'active', true), edit, drop]
    if (row.state === 'paused') return [action(row, 'active', true), edit, action(row, 'ended')]
    return [edit, action(row, 'paused'), action(row, 'ended')]
  }
  const add = writable && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
      {t('contract.add')}
    </Button>
  )
  return (
    <Page title={t('nav.contracts')} actions={add}>
      <ResourceTable
        name="contracts"
        route="console.contracts"
        input={({ party, state }) => ({
          params: { shopId },
          query: { partyId: party, state: state as ContractState | undefined },
        })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        filters={[
          {
            ...{ kind: 'choice', name: 'state', label: t('party.state') },
            options: CONTRACT_STATES.map((value) => ({ value, label: t(`contract.state.${value}`) })),
          },
        ]}
        actions={actions}
        empty={{ title: t('contract.none'), hint: t('contract.noneHint'), action: add }}
      />
      {edited && (
        <ContractDialog contract={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Page>
  )
}
