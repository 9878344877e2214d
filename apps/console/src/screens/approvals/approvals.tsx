import { APPROVAL_STATES, type Approval, ApprovalState, ROUTES } from '@zhanggui/contract'
import { Alert, Form, Input, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { locale, say, sayEach, t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'

const COLOURS: Record<ApprovalState, string> = {
  pending: 'orange',
  approved: 'blue',
  refused: 'red',
  cancelled: 'default',
  done: 'success',
  expired: 'default',
}

const STALE = ['console.approvals', 'console.approval', 'console.todo'] as const
const wordsOf = (row: Approval): string => (locale() === 'en' ? row.summaryEn : row.summary)

/** When it was done or refused; null while it waits, also for being carried out. */
const handledAt = ({ state, doneAt, decidedAt }: Approval): string | null =>
  state === 'approved' ? null : (doneAt ?? decidedAt)

/** What kind of operation it is, where the summary does not begin with it. */
function Purpose({ row }: { row: Approval }) {
  const text = t(`stepUp.for.${row.purpose}`)
  return wordsOf(row).startsWith(text) ? null : <span className="faint">{text}</span>
}

const Decision = ({ row }: { row: Approval }) => (
  <span className="cell-text">
    <span>{row.decidedBy ?? '—'}</span>
    {row.reason !== '' && <span className="faint">{row.reason}</span>}
    {row.state === 'approved' && row.isOwn && <span className="faint">{t('approval.again')}</span>}
  </span>
)

const columns = (slug: string): Column<Approval>[] => [
  {
    key: 'summary',
    title: t('approval.what'),
    role: 'title',
    field: 'summary',
    render: (row) => (
      <span className="cell-text">
        {row.to === null ? (
          <span className="strong">{wordsOf(row)}</span>
        ) : (
          <Link className="strong" to={`/s/${slug}/${row.to}`}>
            {wordsOf(row)}
          </Link>
        )}
        <Purpose row={row} />
      </span>
    ),
  },
  {
    key: 'state',
    title: t('approval.state'),
    width: 150,
    field: 'state',
    labels: sayEach(APPROVAL_STATES),
    render: (row) => <Tag color={COLOURS[row.state]}>{say(APPROVAL_STATES[row.state])}</Tag>,
  },
  {
    key: 'askedBy',
    title: t('approval.askedBy'),
    field: 'askedBy',
    render: (row) => (
      <span className="cell-text">
        <span>{row.isOwn ? t('approval.me') : row.askedBy}</span>
        <span className="faint">
          <InstantText at={row.askedAt} />
        </span>
      </span>
    ),
  },
  {
    ...{ key: 'expiresAt', title: t('approval.expiresAt'), field: 'expiresAt' },
    render: (row) => <InstantText at={handledAt(row) === null ? row.expiresAt : null} />,
    onCard: (row) => handledAt(row) === null && <InstantText at={row.expiresAt} />,
  },
  {
    ...{ key: 'handledAt', title: t('approval.handledAt'), field: 'decidedAt' },
    render: (row) => <InstantText at={handledAt(row)} />,
    onCard: (row) => handledAt(row) !== null && <InstantText at={handledAt(row)} />,
  },
  {
    key: 'decidedBy',
    title: t('approval.decidedBy'),
    field: 'decidedBy',
    onCard: (row) => row.decidedBy !== null && <Decision row={row} />,
    render: (row) => <Decision row={row} />,
  },
]

/** Operations that wait for a second person. */
export default function ApprovalsPage() {
  const { shop, shopId } = useShop()
  const { done, failed } = useFeedback()
  const [decided, setDecided] = useState<{ row: Approval; decision: 'approve' | 'refuse' }>()
  const cancel = useWrite('console.cancelApproval', STALE)
  const takeBack = (approvalId: string) =>
    cancel.mutate(
      { params: { shopId, approvalId } },
      { onSuccess: () => done(t('approval.cancelled')), onError: failed },
    )
  const settings = `/s/${shop.slug}/settings?group=approvals`
  return (
    <Page title={t('nav.approvals')} hint={<Link to={settings}>{t('approval.toSettings')}</Link>}>
      <ResourceTable
        name="approvals"
        route="console.approvals"
        input={({ state, own }) => ({
          params: { shopId },
          query: { state: state as ApprovalState | undefined, own: own as 'true' | 'false' | undefined },
        })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        filters={[
          {
            ...{ kind: 'choice', name: 'state', label: t('approval.state') },
            options: ApprovalState.options.map((value) => ({ value, label: say(APPROVAL_STATES[value]) })),
          },
          {
            ...{ kind: 'choice', name: 'own', label: t('approval.askedBy') },
            options: [
              { value: 'true', label: t('approval.mine') },
              { value: 'false', label: t('approval.others') },
            ],
          },
        ]}
        actions={(row) => [
          ...(row.mayDecide
            ? (['approve', 'refuse'] as const).map((decision) => ({
                key: decision,
                label: t(`approval.${decision}`),
                main: decision === 'approve',
                run: () => setDecided({ row, decision }),
              }))
            : []),
          ...(row.isOwn && (row.state === 'pending' || row.state === 'approved')
            ? [{ key: 'cancel', label: t('approval.cancel'), main: true, run: () => takeBack(row.id) }]
            : []),
        ]}
        empty={{ title: t('approval.none'), hint: t('approval.noneHint') }}
      />
      {decided && <DecideDialog {...decided} onClose={() => setDecided(undefined)} />}
    </Page>
  )
}

function DecideDialog({
  row,
  decision,
  onClose,
}: {
  row: Approval
  decision: 'approve' | 'refuse'
  onClose: () => void
}) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const decide = useWrite('console.decideApproval', STALE)
  const isRefusal = decision === 'refuse'
  return (
    <FormDialog
      title={t(`approval.${decision}Title`)}
      schema={ROUTES['console.decideApproval'].body}
      initial={{ decision, reason: '' }}
      submit={(body) => decide.mutateAsync({ params: { shopId, approvalId: row.id }, body })}
      onDone={() => done(t(isRefusal ? 'approval.refused' : 'approval.approved'))}
      onClose={onClose}
      okText={t(`approval.${decision}`)}
      danger={isRefusal}
    >
      <Alert
        className="gap-bottom"
        type={isRefusal ? 'info' : 'warning'}
        showIcon
        title={wordsOf(row)}
        description={t(isRefusal ? 'approval.refuseHint' : 'approval.approveHint', { name: row.askedBy })}
      />
      <Form.Item name="reason" label={t(isRefusal ? 'approval.reason' : 'approval.note')}>
        <Input.TextArea rows={3} maxLength={200} autoFocus={isRefusal} />
      </Form.Item>
    </FormDialog>
  )
}
