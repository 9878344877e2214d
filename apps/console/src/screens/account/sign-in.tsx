import { Alert, Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { homePath } from '../../app/navigation.tsx'
import { rememberAccount, rememberedAccount, rememberSession } from '../../app/session.tsx'
import { locale, switchLocale, t } from '../../i18n/index.ts'
import { ApiError, api, errorText } from '../../kit/api.ts'

interface Fields {
  account: string
  password: string
}

const PATH_INSIDE = /^\/(?!\/)/
const CODE = /^\d{6}$/

/** Account and password, then the one-time code where one is enrolled. */
export default function SignIn() {
  const [credentials, setCredentials] = useState<Fields>()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const [attempts, setAttempts] = useState(0)
  const [params] = useSearchParams()
  const navigate = useNavigate()
  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('app.name')}`
  }, [])
  const signIn = async (fields: Fields, totp?: string) => {
    setBusy(true)
    setError(undefined)
    try {
      const body = { ...fields, ...(totp ? { totp } : {}) }
      const answer = await api('auth.staffSignIn', { body })
      rememberAccount(fields.account)
      if (answer.needsTotp || !answer.session) return setCredentials(fields)
      rememberSession(answer.session)
      const to = params.get('to')
      void navigate(to && PATH_INSIDE.test(to) && !to.startsWith('/sign-in') ? to : homePath(answer.session), {
        replace: true,
      })
    } catch (failure) {
      setError(failure)
      setAttempts(attempts + 1)
      if (failure instanceof ApiError && failure.code !== 'BAD_TOTP' && failure.status !== 0) setCredentials(undefined)
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
          {credentials ? t('signIn.totpHint', { account: credentials.account }) : t('signIn.hint')}
        </p>
        {params.has('expired') && error === undefined && <Alert type="info" showIcon title={t('signIn.expired')} />}
        {error !== undefined && <Alert type="error" showIcon title={errorText(error)} role="alert" />}
        {credentials ? (
          <CodeStep
            key={attempts}
            busy={busy}
            submit={(code) => void signIn(credentials, code)}
            back={() => setCredentials(undefined)}
          />
        ) : (
          <PasswordStep busy={busy} submit={(fields) => void signIn(fields)} />
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
          autoComplete="username"
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

function CodeStep({ busy, submit, back }: { busy: boolean; submit: (code: string) => void; back: () => void }) {
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
      <Button type="link" onClick={back}>
        {t('signIn.otherAccount')}
      </Button>
    </div>
  )
}
