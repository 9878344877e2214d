import { CheckOutlined, PlusOutlined } from '@ant-design/icons'
import { type Permission, permissionWords } from '@zhanggui/contract'
import { Button, Card, Table, Tag, Tooltip } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { AccessDrawer } from './access.tsx'
import { CompareRoles } from './compare-roles.tsx'
import { permissionGroups } from './permission-groups.ts'
import { DangerTag } from './permissions-field.tsx'
import { type Role, RoleDialog } from './role-dialog.tsx'
import { ScopeText } from './scope-text.tsx'

type Dialog = { kind: 'edit'; role: Role } | { kind: 'new'; like?: Role } | { kind: 'compare' } | { kind: 'access' }

/** Roles with the data they reach, and in one table what each may do. */
export default function RolesPage() {
  const { shopId, may } = useShop()
  const { confirm } = useFeedback()
  const read = useRead('console.roles', { params: { shopId } })
  const choices = useRead('console.scopeChoices', { params: { shopId } })
  const names = new Map(
    Object.values(choices.data ?? {}).flatMap((each) => each.map(({ id, name }) => [id, name] as const)),
  )
  const remove = useWrite('console.deleteRole', ['console.roles'])
  const [dialog, setDialog] = useState<Dialog>()
  const close = () => setDialog(undefined)
  const writable = may('staff.write')
  const askRemove = (role: Role) =>
    confirm({
      title: t('role.removeAsk', { name: role.name }),
      okText: t('action.remove'),
      danger: true,
      run: () => remove.mutateAsync({ params: { shopId, roleId: role.id } }),
    })
  const actions = (
    <>
      <Button onClick={() => setDialog({ kind: 'access' })}>{t('role.access')}</Button>
      <Button onClick={() => setDialog({ kind: 'compare' })}>{t('role.compare')}</Button>
      {writable && (
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setDialog({ kind: 'new' })}>
          {t('role.create')}
        </Button>
      )}
    </>
  )
  return (
    <Page title={t('nav.roles')} hint={t('role.hint')} actions={actions}>
      <Loaded query={read}>
        {({ items }) => (
          <div className="stack-l">
            <div className="role-cards">
              {items.map((role) => (
                <RoleCard
                  key={role.id}
                  role={role}
                  names={names}
                  {...(writable
                    ? {
                        edit: () => setDialog({ kind: 'edit', role }),
                        copy: () => setDialog({ kind: 'new', like: role }),
                        remove: () => askRemove(role),
                      }
                    : {})}
                />
              ))}
            </div>
            <Matrix roles={items} />
            {dialog?.kind === 'compare' && <CompareRoles roles={items} names={names} onClose={close} />}
          </div>
        )}
      </Loaded>
      {dialog?.kind === 'edit' && <RoleDialog role={dialog.role} onClose={close} />}
      {dialog?.kind === 'new' && <RoleDialog {...(dialog.like ? { like: dialog.like } : {})} onClose={close} />}
      {dialog?.kind === 'access' && <AccessDrawer onClose={close} />}
    </Page>
  )
}

interface CardProps {
  role: Role
  names: ReadonlyMap<string, string>
  edit?: () => void
  copy?: () => void
  remove?: () => void
}

function RoleCard({ role, names, edit, copy, remove }: CardProps) {
  const { may } = useShop()
  const dangers = role.permissions.filter((each) => permissionWords(each as Permission).danger).length
  return (
    <Card size="small" className="role-card" data-testid={`role-${role.name}`}>
      <div className="setting-title">
        <span className="strong">{role.name}</span>
        {role.builtIn && <Tag>{t('role.builtIn')}</Tag>}
        {dangers > 0 && <Tag color="error">{t('role.dangerCount', { count: dangers })}</Tag>}
      </div>
      <p className="soft">{role.description}</p>
      <div className="row-between">
        <ScopeText scope={role.scope} names={names} />
        <span className="faint small nowrap">{t('role.members', { count: role.memberCount })}</span>
      </div>
      <div className="row-end role-actions">
        <span>
          {may('audit.read') && (
            <Link to={`../audit?entity=role&id=${role.id}`}>
              <Button type="link" size="small" tabIndex={-1}>
                {t('role.history')}
              </Button>
            </Link>
          )}
          {copy && (
            <Button type="link" size="small" onClick={copy}>
              {t('role.copy')}
            </Button>
          )}
          {edit && !role.builtIn && (
            <Button type="link" size="small" onClick={edit}>
              {t('action.edit')}
            </Button>
          )}
          {remove && !role.builtIn && (
            <Tooltip title={role.memberCount > 0 ? t('role.inUse') : undefined}>
              <Button type="link" size="small" danger disabled={role.memberCount > 0} onClick={remove}>
                {t('action.remove')}
              </Button>
            </Tooltip>
          )}
        </span>
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
                <span>
                  {say(permissionWords(row.permission))} <DangerTag permission={row.permission} />
                </span>
                <span className="faint small">{say(permissionWords(row.permission).help)}</span>
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
