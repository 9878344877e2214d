import { PERMISSIONS } from '@zhanggui/contract'
import { Checkbox, Tooltip } from 'antd'
import { useShop } from '../../app/session.tsx'
import { hasMessage, say, t } from '../../i18n/index.ts'
import { permissionGroups, togglePermission } from './permission-groups.ts'

/** Permissions by area. What one does not hold oneself cannot be given away. */
export function PermissionsField({
  value = [],
  onChange,
}: {
  id?: string
  value?: string[]
  onChange?: (permissions: string[]) => void
}) {
  const { may } = useShop()
  return (
    <div className="permissions">
      {permissionGroups().map(({ area, permissions }) => (
        <fieldset key={area}>
          <legend>{areaText(area)}</legend>
          {permissions.map((permission) => (
            <Tooltip key={permission} title={may(permission) ? undefined : t('role.notYours')}>
              <Checkbox
                checked={value.includes(permission)}
                disabled={!may(permission)}
                onChange={(event) => onChange?.(togglePermission(value, permission, event.target.checked))}
              >
                {say(PERMISSIONS[permission])}
              </Checkbox>
            </Tooltip>
          ))}
        </fieldset>
      ))}
    </div>
  )
}

function areaText(area: string): string {
  const key = `area.${area}`
  return hasMessage(key) ? t(key) : area
}
