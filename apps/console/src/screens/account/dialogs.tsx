import { ROUTES } from '@zhanggui/contract'
import { Form, Input, Typography } from 'antd'
import { t } from '../../i18n/index.ts'
import { api, keyOf, queryClient, useRead } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'

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

/** Enrolling a one-time-code app: scan, then prove it with a code. */
export function TotpDialog({ onClose }: { onClose: () => void }) {
  const { done } = useFeedback()
  const start = useRead('staff.totpStart', {}, { once: true })
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
      <Loaded query={start}>
        {(answer) => (
          <div className="totp">
            <img
              className="totp-code"
              width={180}
              height={180}
              alt={t('account.totpQr')}
              src={`data:image/svg+xml;utf8,${encodeURIComponent(answer.qrSvg)}`}
            />
            <Typography.Text copyable={{ text: answer.secret }} code>
              {answer.secret}
            </Typography.Text>
          </div>
        )}
      </Loaded>
      <Form.Item name="code" label={t('account.totpCode')}>
        <Input className="num" inputMode="numeric" maxLength={6} autoComplete="one-time-code" />
      </Form.Item>
    </FormDialog>
  )
}
