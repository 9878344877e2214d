import { DATA_SCOPE_DIMENSIONS, type Permission, permissionWords } from '@zhanggui/contract'
import { Alert, Drawer, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { say, t } from '../../i18n/index.ts'
import { DangerTag } from './permissions-field.tsx'
import type { Role } from './role-dialog.tsx'
import { scopeWords } from './scope-text.tsx'

interface Difference {
  key: string
  label: ReactNode
  left: string
  right: string
}

/** Where two roles differ, in permissions and in the data they reach. */
export function differences(left: Role, right: Role, names: ReadonlyMap<string, string>): Difference[] {
  const permissions = [...new Set([...left.permissions, ...right.permissions])] as Permission[]
  const mark = (role: Role, permission: string) => (role.permissions.includes(permission) ? t('role.yes') : '—')
  return [
    ...permissions
      .filter((each) => left.permissions.includes(each) !== right.permissions.includes(each))
      .map((each) => ({
        key: each,
        label: (
          <>
            {say(permissionWords(each))} <DangerTag permission={each} />
          </>
        ),
        left: mark(left, each),
        right: mark(right, each),
      })),
    ...DATA_SCOPE_DIMENSIONS.filter(
      (each) => JSON.stringify(left.scope[each]) !== JSON.stringify(right.scope[each]),
    ).map((each) => ({
      key: each,
      label: t(`scope.${each}`),
      left: scopeWords(left.scope, each, names),
      right: scopeWords(right.scope, each, names),
    })),
  ]
}

export function CompareRoles(props: {
  roles: readonly Role[]
  names: ReadonlyMap<string, string>
  onClose: () => void
}) {
  const { roles, names, onClose } = props
  const [leftId, setLeft] = useState(roles[0]?.id)
  const [rightId, setRight] = useState(roles[1]?.id)
  const [left, right] = [leftId, rightId].map((id) => roles.find((role) => role.id === id))
  const found = left && right ? differences(left, right, names) : []
  const choose = (value: string | undefined, onChange: (id: string) => void, label: string) => (
    <Select
      aria-label={label}
      value={value}
      options={roles.map((role) => ({ value: role.id, label: role.name }))}
      onChange={onChange}
    />
  )
  return (
    <Drawer open title={t('role.compare')} size={560} onClose={onClose}>
      <div className="stack-s">
        <p className="soft">{t('role.compareHint')}</p>
        <div className="pair">
          {choose(leftId, setLeft, 'A')}
          {choose(rightId, setRight, 'B')}
        </div>
        {left && right && (
          <div className="stack-s" data-testid="role-differences">
            <Alert
              type={found.length === 0 ? 'success' : 'info'}
              showIcon
              title={found.length === 0 ? t('role.compareSame') : t('role.compareDiffers', { count: found.length })}
            />
            {found.length > 0 && (
              <table className="compare">
                <thead>
                  <tr>
                    <th>{t('role.permission')}</th>
                    <th>{left.name}</th>
                    <th>{right.name}</th>
                  </tr>
                </thead>
                <tbody>
                  {found.map((row) => (
                    <tr key={row.key}>
                      <td>{row.label}</td>
                      <td>{row.left}</td>
                      <td>{row.right}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </div>
        )}
      </div>
    </Drawer>
  )
}
