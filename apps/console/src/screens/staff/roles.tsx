import { CheckOutlined, PlusOutlined } from '@ant-design/icons'
import { PERMISSIONS, ROUTES } from '@zhanggui/contract'
import { Button, Card, Form, Input, Table, Tag, Tooltip } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { type Output, useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { permissionGroups } from './permission-groups.ts'
import { PermissionsField } from './permissions-field.tsx'

type Role = Output<'console.roles'>['items'][number]

/** Roles, and in one table what each may do. */
export default function RolesPage() {
  const { shopId, may } = useShop()
  const { confirm } = useFeedback()
  const read = useRead('console.roles', { params: { shopId } })
  const remove = useWrite('console.deleteRole', ['console.roles'])
  const [edited, setEdited] = useState<Role | 'new'>()
  const writable = may('staff.write')
  const askRemove = (role: Role) =>
    confirm({
      title: t('role.removeAsk', { name: role.name }),
      okText: t('action.remove'),
      danger: true,
      run: () => remove.mutateAsync({ params: { shopId, roleId: role.id } }),
    })
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
      {t('role.create')}
    </Button>
  )
  return (
    <Page title={t('nav.roles')} hint={t('role.hint')} actions={writable && add}>
      <Loaded query={read}>
        {({ items }) => (
          <div className="stack-l">
            <div className="role-cards">
              {items.map((role) => (
                <RoleCard
                  key={role.id}
                  role={role}
                  writable={writable}
                  edit={() => setEdited(role)}
                  remove={() => askRemove(role)}
                />
              ))}
            </div>
            <Matrix roles={items} />
          </div>
        )}
      </Loaded>
      {edited && <RoleDialog role={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Page>
  )
}

function RoleCard({
  role,
  writable,
  edit,
  remove,
}: {
  role: Role
  writable: boolean
  edit: () => void
  remove: () => void
}) {
  return (
    <Card size="small" className="role-card">
      <div className="setting-title">
        <span className="strong">{role.name}</span>
        {role.builtIn && <Tag>{t('role.builtIn')}</Tag>}
      </div>
      <p className="soft">{role.description}</p>
      <div className="row-between">
        <span className="faint small">{t('role.members', { count: role.memberCount })}</span>
        {writable && !role.builtIn && (
          <span>
            <Button type="link" size="small" onClick={edit}>
              {t('action.edit')}
            </Button>
            <Tooltip title={role.memberCount > 0 ? t('role.inUse') : undefined}>
              <Button type="link" size="small" danger disabled={role.memberCount > 0} onClick={remove}>
                {t('action.remove')}
              </Button>
            </Tooltip>
          </span>
        )}
      </div>
    </Card>
  )
}

function Matrix({ roles }: { roles: Role[] }) {
  const rows = permissionGroups().flatMap(({ area, permissions }) =>
    permissions.map((permission, index) => ({ permission, area, first: index === 0 })),
  )
  return (
    <Card title={t('role.matrix')} className="matrix">
      <Table
        size="small"
        rowKey="permission"
        pagination={false}
        dataSource={rows}
        scroll={{ x: 'max-content' }}
        // Whoever has no pointer reaches the table and moves it sideways with the arrows.
        onHeaderRow={() => ({ tabIndex: 0 })}
        columns={[
          {
            title: t('role.permission'),
            fixed: 'left' as const,
            render: (_, row) => (
              <span className="cell-text">
                <span>{say(PERMISSIONS[row.permission])}</span>
                <span className="faint small">{row.permission}</span>
              </span>
            ),
          },
          ...roles.map((role) => ({
            key: role.id,
            title: role.name,
            align: 'center' as const,
            width: 110,
            render: (_: unknown, row: (typeof rows)[number]) =>
              role.permissions.includes(row.permission) ? (
                <CheckOutlined className="green" aria-label={t('role.yes')} />
              ) : (
                <span className="faint">—</span>
              ),
          })),
        ]}
      />
    </Card>
  )
}

function RoleDialog({ role, onClose }: { role: Role | undefined; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const create = useWrite('console.createRole', ['console.roles'])
  const update = useWrite('console.updateRole', ['console.roles', 'console.staff', 'staff.me'])
  return (
    <FormDialog
      title={role ? t('role.edit', { name: role.name }) : t('role.create')}
      width={640}
      schema={ROUTES['console.createRole'].body}
      initial={{ name: role?.name ?? '', description: role?.description ?? '', permissions: role?.permissions ?? [] }}
      submit={(body) =>
        role
          ? update.mutateAsync({ params: { shopId, roleId: role.id }, body: { ...body, version: role.version } })
          : create.mutateAsync({ params: { shopId }, body })
      }
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('role.name')}>
        <Input maxLength={30} autoFocus />
      </Form.Item>
      <Form.Item name="description" label={t('role.description')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="permissions" label={t('role.permissions')}>
        <PermissionsField />
      </Form.Item>
    </FormDialog>
  )
}
