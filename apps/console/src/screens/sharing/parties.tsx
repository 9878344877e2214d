import { PlusOutlined } from '@ant-design/icons'
import { PARTY_KINDS, type Party, ROUTES } from '@zhanggui/contract'
import { Button, Form, Input, Radio, Select, Tag } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { messagesUnder, t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'

export const PARTY_STALE = ['console.parties', 'console.party'] as const
const KIND_COLOURS = {
  creator: 'magenta',
  agency: 'purple',
  supplier: 'blue',
  platform: 'gold',
  merchant: 'green',
} as const

export const kindOptions = () => PARTY_KINDS.map((value) => ({ value, label: t(`party.kind.${value}`) }))
export const KindTag = ({ kind }: { kind: Party['kind'] }) => (
  <Tag color={KIND_COLOURS[kind]}>{t(`party.kind.${kind}`)}</Tag>
)

/** Where a party is paid, masked. */
export const accountText = ({ account }: Party): string =>
  account === null ? t('party.noAccount') : `${t(`party.account.${account.kind}`)} ${account.masked}`

const columns = (): Column<Party>[] => [
  {
    key: 'name',
    title: t('party.name'),
    role: 'title',
    render: (row) => (
      <span className="cell-text">
        <span className="strong">{row.name}</span>
        <span className="faint small">{t(`party.legal.${row.legal}`)}</span>
      </span>
    ),
  },
  { key: 'kind', title: t('party.kind'), render: (row) => <KindTag kind={row.kind} /> },
  {
    key: 'account',
    title: t('party.account'),
    field: 'account.masked',
    render: (row) => <span className={row.account ? 'num' : 'faint'}>{accountText(row)}</span>,
  },
  { key: 'phoneMasked', title: t('party.phone'), render: (row) => <span className="num">{row.phoneMasked}</span> },
  {
    key: 'activeContracts',
    title: t('party.contracts'),
    align: 'right',
    render: (row) => <span className="num">{row.activeContracts}</span>,
  },
  {
    key: 'state',
    title: t('party.state'),
    labels: messagesUnder('party.state.'),
    render: (row) => <Tag color={row.state === 'active' ? 'success' : 'default'}>{t(`party.state.${row.state}`)}</Tag>,
  },
  { key: 'createdAt', title: t('party.since'), width: 150, render: (row) => <InstantText at={row.createdAt} /> },
]

/** Whom the shop shares with. */
export default function PartiesPage() {
  const { shop, shopId, may } = useShop()
  const navigate = useNavigate()
  const [isAdding, setAdding] = useState(false)
  const add = may('parties.write') && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t('party.add')}
    </Button>
  )
  return (
    <Page title={t('nav.parties')} actions={add}>
      <ResourceTable
        name="parties"
        route="console.parties"
        input={({ kind, q }) => ({ params: { shopId }, query: { kind: kind as Party['kind'] | undefined, q } })}
        rowKey={(row) => row.id}
        columns={columns()}
        filters={[
          { kind: 'search', name: 'q', label: t('party.search') },
          { kind: 'choice', name: 'kind', label: t('party.kind'), options: kindOptions() },
        ]}
        onRow={(row) => navigate(`/s/${shop.slug}/parties/${row.id}`)}
        empty={{ title: t('party.none'), hint: t('party.noneHint'), action: add }}
      />
      {isAdding && <PartyDialog party={undefined} onClose={() => setAdding(false)} />}
    </Page>
  )
}

/** Adds or changes a party; sealed fields that are left empty stay as they are. */
export function PartyDialog({ party, onClose }: { party: Party | undefined; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const create = useWrite('console.createParty', PARTY_STALE)
  const update = useWrite('console.updateParty', PARTY_STALE)
  const { kind = 'creator', legal = 'person', name = '', note = '', state = 'active' } = party ?? {}
  const kept = (masked: string | undefined) => (masked ? t('party.keeps', { masked }) : '')
  return (
    <FormDialog
      title={party ? t('party.edit', { name }) : t('party.add')}
      schema={ROUTES['console.createParty'].body}
      initial={{ kind, legal, name, note, state, realName: '', phone: '', idNumber: '' }}
      toInput={({ realName, phone, idNumber, ...fields }) => ({
        ...fields,
        ...(realName === '' ? {} : { realName }),
        ...(phone === '' ? {} : { phone }),
        ...(idNumber === '' ? {} : { idNumber }),
      })}
      submit={(body) =>
        party
          ? update.mutateAsync({ params: { shopId, partyId: party.id }, body: { ...body, version: party.version } })
          : create.mutateAsync({ params: { shopId }, body })
      }
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <Form.Item name="kind" label={t('party.kind')}>
        <Select options={kindOptions()} />
      </Form.Item>
      <Form.Item name="name" label={t('party.name')}>
        <Input maxLength={40} />
      </Form.Item>
      <Form.Item name="legal" label={t('party.legal')}>
        <Radio.Group
          options={[
            { value: 'person', label: t('party.legal.person') },
            { value: 'company', label: t('party.legal.company') },
          ]}
        />
      </Form.Item>
      <Form.Item name="realName" label={t('party.realName')} extra={t('party.realNameHint')}>
        <Input maxLength={60} placeholder={kept(party?.realNameMasked)} autoComplete="off" />
      </Form.Item>
      <Form.Item name="phone" label={t('party.phone')} extra={t('party.phoneHint')}>
        <Input maxLength={11} inputMode="numeric" placeholder={kept(party?.phoneMasked)} autoComplete="off" />
      </Form.Item>
      <Form.Item name="idNumber" label={t('party.idNumber')}>
        <Input maxLength={30} placeholder={kept(party?.idNumberMasked)} autoComplete="off" />
      </Form.Item>
      <Form.Item name="note" label={t('party.note')}>
        <Input maxLength={200} />
      </Form.Item>
      {party && (
        <Form.Item name="state" label={t('party.state')} extra={t('party.stateHint')}>
          <Radio.Group
            options={[
              { value: 'active', label: t('party.state.active') },
              { value: 'paused', label: t('party.state.paused') },
            ]}
          />
        </Form.Item>
      )}
    </FormDialog>
  )
}
