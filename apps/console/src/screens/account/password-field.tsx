import { Form, Input } from 'antd'
import { t } from '../../i18n/index.ts'

/** The own password, asked for anew. */
export function PasswordField({ value, onChange }: { value: string; onChange: (password: string) => void }) {
  return (
    <Form.Item layout="vertical" label={t('security.password')} htmlFor="own-password">
      <Input.Password
        id="own-password"
        autoFocus
        autoComplete="current-password"
        maxLength={128}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Form.Item>
  )
}
