import { ROUTES } from '@zhanggui/contract'
import { Form, Input, Select } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { type Output, useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'

export type Member = Output<'console.staff'>['items'][number]

interface Props {
  member: Member
  onClose: () => void
}

function RolesField() {
  const { shopId } = useShop()
  const roles = useRead('console.roles', { params: { shopId } })
  return (
    <Form.Item name="roleIds" label={t('staff.roles')}>
      <Select
        mode="multiple"
        maxCount={20}
        loading={roles.isPending}
        options={(roles.data?.items ?? []).map((role) => ({
          value: role.id,
          label: role.name,
          description: role.description,
        }))}
        optionRender={({ data }) => (
          <span className="cell-text">
            <span>{data.label}</span>
            <span className="faint small">{data.description}</span>
          </span>
        )}
      />
    </Form.Item>
  )
}

export function CreateStaffDialog({ onClose }: { onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const create = useWrite('console.createStaff', ['console.staff', 'console.roles'])
  return (
    <FormDialog
      title={t('staff.create')}
      schema={ROUTES['console.createStaff'].body}
      initial={{ account: '', name: '', password: '', roleIds: [] as string[] }}
      submit={(body) => create.mutateAsync({ params: { shopId }, body })}
      onDone={() => done(t('staff.created'))}
      onClose={onClose}
    >
      <div className="pair">
        <Form.Item name="name" label={t('staff.name')}>
          <Input maxLength={30} autoFocus />
        </Form.Item>
        <Form.Item name="account" label={t('staff.account')} extra={t('staff.accountHint')}>
          <Input maxLength={64} autoCapitalize="none" autoComplete="off" />
        </Form.Item>
      </div>
      <RolesField />
      <Form.Item name="password" label={t('staff.password')} extra={t('account.passwordHint')}>
        <Input.Password autoComplete="new-password" maxLength={128} />
      </Form.Item>
    </FormDialog>
  )
}

export function EditStaffDialog({ member, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const update = useWrite('console.updateStaff', ['console.staff', 'console.roles', 'staff.me'])
  return (
    <FormDialog
      title={t('staff.edit', { name: member.name })}
      schema={ROUTES['console.updateStaff'].body}
      initial={{ name: member.name, roleIds: member.roles.map((role) => role.id) }}
      submit={(body) => update.mutateAsync({ params: { shopId, staffId: member.id }, body })}
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('staff.name')}>
        <Input maxLength={30} autoFocus />
      </Form.Item>
      <RolesField />
    </FormDialog>
  )
}

export function ResetPasswordDialog({ member, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const update = useWrite('console.updateStaff', ['console.staff'])
  return (
    <FormDialog
      title={t('staff.resetPasswordOf', { name: member.name })}
      schema={ROUTES['console.updateStaff'].body.required({ resetPassword: true })}
      initial={{ resetPassword: '' }}
      submit={(body) => update.mutateAsync({ params: { shopId, staffId: member.id }, body })}
      onDone={() => done(t('staff.passwordReset', { name: member.name }))}
      onClose={onClose}
    >
      <p className="soft">{t('staff.resetHint')}</p>
      <Form.Item name="resetPassword" label={t('account.newPassword')} extra={t('account.passwordHint')}>
        <Input.Password autoComplete="new-password" maxLength={128} autoFocus />
      </Form.Item>
    </FormDialog>
  )
}
