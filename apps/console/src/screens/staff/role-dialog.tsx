import { ROUTES, WHOLE_SHOP } from '@zhanggui/contract'
import { Form, Input } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { type Output, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { PermissionsField } from './permissions-field.tsx'
import { ScopeField } from './scope-field.tsx'

export type Role = Output<'console.roles'>['items'][number]

/** A new role, perhaps after another one, or a role that is changed. */
export function RoleDialog({ role, like, onClose }: { role?: Role; like?: Role; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const create = useWrite('console.createRole', ['console.roles', 'console.audit'])
  const update = useWrite('console.updateRole', ['console.roles', 'console.staff', 'staff.me', 'console.audit'])
  const from = role ?? like
  return (
    <FormDialog
      title={role ? t('role.edit', { name: role.name }) : t('role.create')}
      width={720}
      schema={ROUTES['console.createRole'].body}
      initial={{
        name: role?.name ?? (like ? t('role.copyOf', { name: like.name }) : ''),
        description: from?.description ?? '',
        permissions: from?.permissions ?? [],
        scope: from?.scope ?? WHOLE_SHOP,
      }}
      submit={(body) =>
        role
          ? update.mutateAsync({ params: { shopId, roleId: role.id }, body: { ...body, version: role.version } })
          : create.mutateAsync({ params: { shopId }, body })
      }
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <div className="pair">
        <Form.Item name="name" label={t('role.name')}>
          <Input maxLength={30} autoFocus />
        </Form.Item>
        <Form.Item name="description" label={t('role.description')}>
          <Input maxLength={200} />
        </Form.Item>
      </div>
      <Form.Item name="permissions" label={t('role.permissions')}>
        <PermissionsField />
      </Form.Item>
      <Form.Item name="scope" label={t('role.scope')}>
        <ScopeField />
      </Form.Item>
    </FormDialog>
  )
}
