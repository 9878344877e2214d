import type { StaffSession } from '@zhanggui/contract'
import { Alert, Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { homePath } from '../../app/navigation.tsx'
import { rememberAccount, rememberedAccount, rememberSession } from '../../app/session.tsx'
import { locale, switchLocale, t } from '../../i18n/index.ts'
import { ApiError, api, errorText } from '../../kit/api.ts'
import { PasskeyStep } from './passkey-step.tsx'

interface Fields {
  account: string
  password: string
}

const PATH_INSIDE = /^\/(?!\/)/
const CODE = /^\d{6}$/
/** Errors after which the second step is tried again. */
const SECOND_STEP = ['BAD_TOTP', 'BAD_RECOVERY_CODE']

/** Account and password, then the one-time code where one is enrolled. */
export default function SignIn() {
  const [credentials, setCredentials] = useState<Fields>()
  const [error, setError] = useState<unknown>()
  const [recovering, setRecovering] = useState(false)
  const [busy, setBusy] = useState(false)
  const [attempts, setAttempts] = useState(0)
  const [params] = useSearchParams()
  const navigate = useNavigate()
  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('app.name')}`
  }, [])
  const enter = (session: StaffSession) => {
    rememberAccount(session.account)
    rememberSession(session)
    const to = params.get('to')
    void navigate(to && PATH_INSIDE.test(to) && !to.startsWith('/sign-in') ? to : homePath(session), { replace: true })
  }
  const signIn = async (fields: Fields, second: { totp?: string; recoveryCode?: string } = {}) => {
    setBusy(true)
    setError(undefined)
    try {
      const answer = await api('auth.staffSignIn', { body: { ...fields, ...second } })
      rememberAccount(fields.account)
      if (answer.needsTotp || !answer.session) return setCredentials(fields)
      enter(answer.session)
    } catch (failure) {
      setError(failure)
      setAttempts(attempts + 1)
      if (failure instanceof ApiError && !SECOND_STEP.includes(failure.code) && failure.status !== 0)
        setCredentials(undefined)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="sign-in">
      <div className="sign-in-card">
        <img src="/console/icon.svg" width={48} height={48} alt="" />
        <h1>{t('signIn.title')}</h1>
        <p className="soft">
          {credentials
            ? t(recovering ? 'signIn.recoveryHint' : 'signIn.totpHint', { account: credentials.account })
            : t('signIn.hint')}
        </p>
        {params.has('expired') && error === undefined && <Alert type="info" showIcon title={t('signIn.expired')} />}
        {error !== undefined && <Alert type="error" showIcon title={errorText(error)} role="alert" />}
        {credentials && recovering && (
          <RecoveryStep
            busy={busy}
            submit={(recoveryCode) => void signIn(credentials, { recoveryCode })}
            back={() => setRecovering(false)}
          />
        )}
        {credentials && !recovering && (
          <CodeStep
            key={attempts}
            busy={busy}
            submit={(totp) => void signIn(credentials, { totp })}
            recover={() => setRecovering(true)}
            back={() => setCredentials(undefined)}
          />
        )}
        {!credentials && (
          <>
            <PasswordStep busy={busy} submit={(fields) => void signIn(fields)} />
            <PasskeyStep onSession={enter} onError={setError} />
          </>
        )}
      </div>
      <Button type="link" size="small" onClick={() => switchLocale(locale() === 'zh' ? 'en' : 'zh')}>
        {t('locale.other')}
      </Button>
    </div>
  )
}

function PasswordStep({ busy, submit }: { busy: boolean; submit: (fields: Fields) => void }) {
  const [form] = Form.useForm<Fields>()
  const remembered = rememberedAccount()
  const check = (fields: Fields) => {
    const account = fields.account?.trim() ?? ''
    if (account !== '' && fields.password) return submit({ ...fields, account })
    form.setFields([
      { name: 'account', errors: account ? [] : [t('signIn.accountMissing')] },
      { name: 'password', errors: fields.password ? [] : [t('signIn.passwordMissing')] },
    ])
  }
  return (
    <Form<Fields>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ account: remembered, password: '' }}
      onValuesChange={(changed) =>
        form.setFields(Object.keys(changed).map((name) => ({ name: name as keyof Fields, errors: [] })))
      }
      onFinish={check}
      size="large"
    >
      <Form.Item name="account" label={t('signIn.account')}>
        <Input
          autoComplete="username webauthn"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          autoFocus={remembered === ''}
        />
      </Form.Item>
      <Form.Item name="password" label={t('signIn.password')}>
        <Input.Password autoComplete="current-password" maxLength={128} autoFocus={remembered !== ''} />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={busy}>
        {t('signIn.submit')}
      </Button>
    </Form>
  )
}

function RecoveryStep({ busy, submit, back }: { busy: boolean; submit: (code: string) => void; back: () => void }) {
  const [code, setCode] = useState('')
  return (
    <form
      className="code-step"
      onSubmit={(event) => {
        event.preventDefault()
        if (code.trim() !== '' && !busy) submit(code.trim())
      }}
    >
      <Input
        className="num"
        size="large"
        value={code}
        autoFocus
        maxLength={20}
        autoComplete="off"
        spellCheck={false}
        placeholder="XXXXX-XXXXX"
        aria-label={t('signIn.recovery')}
        onChange={(event) => setCode(event.target.value)}
      />
      <Button type="primary" size="large" block htmlType="submit" loading={busy} disabled={code.trim() === ''}>
        {t('signIn.confirm')}
      </Button>
      <Button type="link" onClick={back}>
        {t('signIn.useCode')}
      </Button>
    </form>
  )
}

interface CodeStepProps {
  busy: boolean
  submit: (code: string) => void
  recover: () => void
  back: () => void
}

function CodeStep({ busy, submit, recover, back }: CodeStepProps) {
  const [code, setCode] = useState('')
  const change = (next: string) => {
    setCode(next)
    if (CODE.test(next) && !busy) submit(next)
  }
  return (
    <div className="code-step">
      <Input.OTP
        length={6}
        value={code}
        onChange={change}
        autoFocus
        size="large"
        formatter={(text) => text.replace(/\D/g, '')}
        aria-label={t('signIn.code')}
        inputMode="numeric"
      />
      <Button type="primary" size="large" block loading={busy} disabled={!CODE.test(code)} onClick={() => submit(code)}>
        {t('signIn.confirm')}
      </Button>
      <Button type="link" onClick={recover}>
        {t('signIn.useRecovery')}
      </Button>
      <Button type="link" onClick={back}>
        {t('signIn.otherAccount')}
      </Button>
    </div>
  )
}
