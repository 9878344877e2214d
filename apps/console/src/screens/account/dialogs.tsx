import { ROUTES } from '@zhanggui/contract'
import { Form, Input, Typography } from 'antd'
import { useState } from 'react'
import { t } from '../../i18n/index.ts'
import { api, keyOf, queryClient } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { PlainDialog } from '../../kit/plain-dialog.tsx'
import { PasswordField } from './password-field.tsx'

/** Changing the own password; the other sessions end. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { done } = useFeedback()
  return (
    <FormDialog
      title={t('account.changePassword')}
      schema={ROUTES['staff.changePassword'].body}
      initial={{ current: '', next: '' }}
      submit={(body) => api('staff.changePassword', { body })}
      onDone={() => done(t('account.passwordChanged'))}
      onClose={onClose}
    >
      <Form.Item name="current" label={t('account.currentPassword')}>
        <Input.Password autoComplete="current-password" autoFocus />
      </Form.Item>
      <Form.Item name="next" label={t('account.newPassword')} extra={t('account.passwordHint')}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </FormDialog>
  )
}

type TotpStart = Awaited<ReturnType<typeof api<'staff.totpStart'>>>

/** Enrolling a one-time-code app: the password, scan, then prove it with a code. */
export function TotpDialog({ onClose }: { onClose: () => void }) {
  const [start, setStart] = useState<TotpStart>()
  return start ? <ScanDialog start={start} onClose={onClose} /> : <StartDialog onStart={setStart} onClose={onClose} />
}

function StartDialog({ onStart, onClose }: { onStart: (start: TotpStart) => void; onClose: () => void }) {
  const [password, setPassword] = useState('')
  return (
    <PlainDialog
      title={t('account.totp')}
      okText={t('security.continue')}
      disabled={password === ''}
      run={() => api('staff.totpStart', { body: { password } })}
      onDone={onStart}
      onClose={onClose}
    >
      <p className="soft">{t('account.totpPassword')}</p>
      <PasswordField value={password} onChange={setPassword} />
    </PlainDialog>
  )
}

function ScanDialog({ start, onClose }: { start: TotpStart; onClose: () => void }) {
  const { done } = useFeedback()
  return (
    <FormDialog
      title={t('account.totp')}
      schema={ROUTES['staff.totpConfirm'].body}
      initial={{ code: '' }}
      submit={(body) => api('staff.totpConfirm', { body })}
      onDone={() => {
        done(t('account.totpDone'))
        void queryClient.invalidateQueries({ queryKey: keyOf('staff.me') })
      }}
      onClose={onClose}
      okText={t('account.totpConfirm')}
    >
      <p className="soft">{t('account.totpHint')}</p>
      <div className="totp">
        <img
          className="totp-code"
          width={180}
          height={180}
          alt={t('account.totpQr')}
          src={`data:image/svg+xml;utf8,${encodeURIComponent(start.qrSvg)}`}
        />
        <Typography.Text copyable={{ text: start.secret }} code>
          {start.secret}
        </Typography.Text>
      </div>
      <Form.Item name="code" label={t('account.totpCode')}>
        <Input className="num" inputMode="numeric" maxLength={6} autoComplete="one-time-code" />
      </Form.Item>
    </FormDialog>
  )
}
