import { PlusOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useSession, useShop } from '../../app/session.tsx'
import { messagesUnder, t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable, type RowAction } from '../../kit/resource-table.tsx'
import { AccessDrawer } from './access.tsx'
import { CreateStaffDialog, EditStaffDialog, type Member, ResetPasswordDialog } from './dialogs.tsx'

const columns = (): Column<Member>[] => [
  {
    key: 'name',
    title: t('staff.name'),
    role: 'title',
    render: (row) => (
      <span className="cell-text">
        <span className="strong">{row.name}</span>
        <span className="faint">{row.account}</span>
      </span>
    ),
  },
  {
    key: 'roles',
    field: 'roles.name',
    title: t('staff.roles'),
    render: (row) => row.roles.map((role) => <Tag key={role.id}>{role.name}</Tag>),
  },
  {
    key: 'state',
    title: t('staff.state'),
    labels: messagesUnder('staff.state.'),
    width: 90,
    render: (row) => <Tag color={row.state === 'active' ? 'success' : 'default'}>{t(`staff.state.${row.state}`)}</Tag>,
  },
  {
    key: 'totp',
    field: 'totpEnabled',
    title: t('staff.totp'),
    width: 110,
    render: (row) =>
      row.totpEnabled ? (
        <Tag color="success">{t('staff.totpOn')}</Tag>
      ) : (
        <span className="faint">{t('staff.totpOff')}</span>
      ),
  },
  {
    key: 'passkeys',
    field: 'passkeyCount',
    title: t('staff.passkeys'),
    width: 100,
    render: (row) =>
      row.passkeyCount === 0 ? (
        <span className="faint">—</span>
      ) : (
        <Tag color="success">{t('staff.passkeyCount', { count: row.passkeyCount })}</Tag>
      ),
  },
  {
    key: 'last',
    field: 'lastSignInAt',
    title: t('staff.lastSignIn'),
    width: 150,
    render: (row) => <InstantText at={row.lastSignInAt} />,
  },
]

type Dialog = { kind: 'create' } | { kind: 'edit' | 'password' | 'access'; member: Member }

/** Who works in the shop. */
export default function StaffPage() {
  const { shopId, may } = useShop()
  const { staffId } = useSession()
  const { confirm, done } = useFeedback()
  const [dialog, setDialog] = useState<Dialog>()
  const update = useWrite('console.updateStaff', ['console.staff', 'console.roles'])
  const writable = may('staff.write')
  const close = () => setDialog(undefined)
  const setState = (member: Member, state: Member['state']) =>
    update.mutateAsync({ params: { shopId, staffId: member.id }, body: { state } }).then(() => done(t('action.saved')))
  const askDisable = (member: Member) =>
    confirm({
      title: t('staff.disableAsk', { name: member.name }),
      content: t('staff.disableHint'),
      okText: t('staff.disable'),
      danger: true,
      run: () => setState(member, 'disabled'),
    })
  const askTotp = (member: Member) =>
    confirm({
      title: t('staff.resetTotpAsk', { name: member.name }),
      content: t('staff.resetTotpHint'),
      okText: t('staff.resetTotp'),
      danger: true,
      run: () =>
        update
          .mutateAsync({ params: { shopId, staffId: member.id }, body: { resetTotp: true } })
          .then(() => done(t('staff.totpWasReset', { name: member.name }))),
    })
  const askPasskeys = (member: Member) =>
    confirm({
      title: t('staff.resetPasskeysAsk', { name: member.name }),
      content: t('staff.resetPasskeysHint'),
      okText: t('staff.resetPasskeys'),
      danger: true,
      run: () =>
        update
          .mutateAsync({ params: { shopId, staffId: member.id }, body: { resetPasskeys: true } })
          .then(() => done(t('staff.passkeysWereReset', { name: member.name }))),
    })
  const askEnable = (member: Member) =>
    confirm({
      title: t('staff.enableAsk', { name: member.name }),
      okText: t('staff.enable'),
      run: () => setState(member, 'active'),
    })
  const look = (member: Member): RowAction => ({
    key: 'access',
    label: t('staff.access'),
    run: () => setDialog({ kind: 'access', member }),
  })
  const actions = (member: Member): RowAction[] => [
    { key: 'edit', label: t('action.edit'), main: true, run: () => setDialog({ kind: 'edit', member }) },
    look(member),
    { key: 'password', label: t('staff.resetPassword'), run: () => setDialog({ kind: 'password', member }) },
    ...(member.totpEnabled && member.id !== staffId
      ? [{ key: 'totp', label: t('staff.resetTotp'), danger: true, run: () => askTotp(member) }]
      : []),
    ...(member.passkeyCount > 0 && member.id !== staffId
      ? [{ key: 'passkeys', label: t('staff.resetPasskeys'), danger: true, run: () => askPasskeys(member) }]
      : []),
    ...(member.id === staffId
      ? []
      : member.state === 'active'
        ? [{ key: 'disable', label: t('staff.disable'), danger: true, run: () => askDisable(member) }]
        : [{ key: 'enable', label: t('staff.enable'), run: () => askEnable(member) }]),
  ]
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setDialog({ kind: 'create' })}>
      {t('staff.create')}
    </Button>
  )
  return (
    <Page title={t('nav.staff')} actions={writable && add}>
      <ResourceTable
        name="staff"
        route="console.staff"
        input={(filters) => ({ params: { shopId }, query: { q: filters.q } })}
        rowKey={(row) => row.id}
        columns={columns()}
        filters={[{ kind: 'search', name: 'q', label: t('staff.search') }]}
        actions={writable ? actions : (member) => [look(member)]}
        empty={{ title: t('staff.none') }}
      />
      {dialog?.kind === 'create' && <CreateStaffDialog onClose={close} />}
      {dialog?.kind === 'edit' && <EditStaffDialog member={dialog.member} onClose={close} />}
      {dialog?.kind === 'access' && <AccessDrawer staffId={dialog.member.id} onClose={close} />}
      {dialog?.kind === 'password' && <ResetPasswordDialog member={dialog.member} onClose={close} />}
    </Page>
  )
}
