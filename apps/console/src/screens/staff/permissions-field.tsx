import { neededBy, type Permission, permissionWords } from '@zhanggui/contract'
import { Button, Checkbox, Tag, Tooltip } from 'antd'
import { useShop } from '../../app/session.tsx'
import { hasMessage, say, t } from '../../i18n/index.ts'
import { permissionGroups, togglePermission } from './permission-groups.ts'

/** Permissions by area, each explained. What one does not hold oneself cannot be given away. */
export function PermissionsField({
  value = [],
  onChange,
}: {
  id?: string
  value?: string[]
  onChange?: (permissions: string[]) => void
}) {
  const { may } = useShop()
  const toggle = (permission: Permission, on: boolean) => onChange?.(togglePermission(value, permission, on))
  return (
    <div className="permissions">
      {permissionGroups().map(({ area, permissions }) => (
        <fieldset key={area}>
          <legend>{areaText(area)}</legend>
          {permissions.map((permission) => {
            const words = permissionWords(permission)
            const missing = value.includes(permission)
              ? neededBy(permission).filter((each) => !value.includes(each) && may(each))
              : []
            return (
              <div key={permission} className="permission">
                <Tooltip title={may(permission) ? undefined : t('role.notYours')}>
                  <Checkbox
                    checked={value.includes(permission)}
                    disabled={!may(permission)}
                    onChange={(event) => toggle(permission, event.target.checked)}
                  >
                    {say(words)} {words.danger && <DangerTag permission={permission} />}
                  </Checkbox>
                </Tooltip>
                <span className="faint small">{say(words.help)}</span>
                {missing.length > 0 && (
                  <span className="small orange">
                    {t('role.needs', { names: missing.map((each) => say(permissionWords(each))).join('、') })}
                    <Button
                      type="link"
                      size="small"
                      onClick={() =>
                        onChange?.(missing.reduce((held, each) => togglePermission(held, each, true), value))
                      }
                    >
                      {t('role.addNeeded')}
                    </Button>
                  </span>
                )}
              </div>
            )
          })}
        </fieldset>
      ))}
    </div>
  )
}

/** Marks what is not for everybody, and says why. */
export function DangerTag({ permission }: { permission: Permission }) {
  const { danger } = permissionWords(permission)
  return (
    danger && (
      <Tooltip title={say(danger)}>
        <Tag color="error">{t('role.danger')}</Tag>
      </Tooltip>
    )
  )
}

export function areaText(area: string): string {
  const key = `area.${area}`
  return hasMessage(key) ? t(key) : area
}
