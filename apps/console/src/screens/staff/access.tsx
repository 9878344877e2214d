import { type Permission, permissionWords, SHOP_PERMISSIONS, type StaffAccess, scopeFor } from '@zhanggui/contract'
import { Alert, Drawer, Progress, Select, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { hasMessage, say, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { DangerTag } from './permissions-field.tsx'
import { ScopeText } from './scope-text.tsx'

/** What a colleague sees and may do, and why: their lists read as they would read them. */
export function AccessDrawer({ staffId, onClose }: { staffId?: string; onClose: () => void }) {
  const { shopId } = useShop()
  const staff = useRead('console.staff', { params: { shopId }, query: { limit: 100 } })
  const [chosen, setChosen] = useState(staffId)
  const name = staff.data?.items.find((each) => each.id === chosen)?.name
  return (
    <Drawer open title={name ? t('access.title', { name }) : t('role.access')} size={640} onClose={onClose}>
      <div className="stack-s">
        <Select
          aria-label={t('access.pick')}
          placeholder={t('access.pick')}
          showSearch={{ optionFilterProp: 'label' }}
          loading={staff.isPending}
          value={chosen}
          options={(staff.data?.items ?? []).map((each) => ({
            value: each.id,
            label: `${each.name}（${each.account}）`,
          }))}
          onChange={setChosen}
        />
        <p className="faint small">{t('access.hint')}</p>
        {chosen !== undefined && <Access key={chosen} staffId={chosen} />}
      </div>
    </Drawer>
  )
}

function Access({ staffId }: { staffId: string }) {
  const { shopId } = useShop()
  const read = useRead('console.staffAccess', { params: { shopId, staffId } })
  return (
    <Loaded query={read}>
      {(access) => (
        <div className="stack-l" data-testid="staff-access">
          {access.state === 'disabled' && <Alert type="warning" showIcon title={t('access.disabled')} />}
          <Lists access={access} />
          <Permissions access={access} />
        </div>
      )}
    </Loaded>
  )
}

function Lists({ access }: { access: StaffAccess }) {
  return (
    <section>
      <h3>{t('access.lists')}</h3>
      {access.lists.length === 0 && <p className="soft">{t('access.noLists')}</p>}
      <div className="access-lists">
        {access.lists.map(({ key, visible, total, samples }) => (
          <div key={key} className="access-list" data-testid={`access-${key}`}>
            <div className="row-between">
              <span className="strong">{listText(key)}</span>
              <span className="num small">
                {visible === total ? t('access.allVisible', { total }) : t('access.visible', { visible, total })}
              </span>
            </div>
            <Progress
              percent={total === 0 ? 0 : Math.round((visible * 100) / total)}
              showInfo={false}
              size="small"
              aria-label={listText(key)}
            />
            {visible === 0 && total > 0 && <p className="soft small">{t('access.nothing')}</p>}
            <ul className="plain small">
              {samples.map((sample) => (
                <li key={sample.to + sample.title} className="clamp-1">
                  <Link to={`../${sample.to}`}>{sample.title}</Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  )
}

function listText(key: string): string {
  const message = `access.list.${key}`
  return hasMessage(message) ? t(message) : key
}

function Permissions({ access }: { access: StaffAccess }) {
  const names = new Map(access.names.map(({ id, name }) => [id, name]))
  const held = new Set(access.roles.flatMap((role) => role.permissions))
  const [can, cannot] = [
    SHOP_PERMISSIONS.filter((each) => held.has(each)),
    SHOP_PERMISSIONS.filter((each) => !held.has(each)),
  ]
  return (
    <section>
      <h3>{t('access.permissions')}</h3>
      <p className="faint small">{t('role.several')}</p>
      <ul className="plain access-permissions">
        {can.map((permission) => (
          <li key={permission}>
            <div>
              {say(permissionWords(permission))} <DangerTag permission={permission} />
            </div>
            {access.roles
              .filter((role) => role.permissions.includes(permission))
              .map((role) => (
                <div key={role.id} className="small">
                  <span className="faint">{t('access.by')} </span>
                  {role.name} <ScopeText scope={scopeFor(role.scope, permission)} names={names} />
                </div>
              ))}
          </li>
        ))}
      </ul>
      {cannot.length > 0 && (
        <>
          <h3>{t('access.cannot')}</h3>
          <p>
            {cannot.map((permission: Permission) => (
              <Tag key={permission}>{say(permissionWords(permission))}</Tag>
            ))}
          </p>
        </>
      )}
    </section>
  )
}
