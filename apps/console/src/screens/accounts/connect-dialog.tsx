import { ACCOUNT_CREDENTIALS, type CredentialName } from '@zhanggui/contract'
import { Alert, Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { errorText, useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'

/** What an account signs in to WeChat with: written, never read back; and whether WeChat takes it. */
export function ConnectDialog({ accountId, onClose }: { accountId: string; onClose: () => void }) {
  const { shopId } = useShop()
  const { done, confirm } = useFeedback()
  const account = useRead('console.channelAccounts', { params: { shopId } }).data?.items.find(
    (each) => each.id === accountId,
  )
  const set = useWrite('console.setAccountCredentials', ['console.channelAccounts'])
  const test = useWrite('console.testAccount', ['console.channelAccounts'])
  const [values, setValues] = useState<Partial<Record<CredentialName, string>>>({})
  const [problem, setProblem] = useState<string>()
  if (!account) return null
  const params = { shopId, accountId }
  const written = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''))
  const changed = Object.keys(written).length > 0
  const run = async (work: () => Promise<unknown>) => {
    setProblem(undefined)
    try {
      await work()
    } catch (error) {
      setProblem(errorText(error))
    }
  }
  const save = () =>
    run(async () => {
      if (changed) {
        await set.mutateAsync({ params, body: { values: written } })
        setValues({})
      }
      await test.mutateAsync({ params })
    })
  const askRemove = (name: CredentialName) =>
    confirm({
      title: t('accounts.credentialRemoveAsk', { name: t(`accounts.credential.${name}`) }),
      okText: t('action.remove'),
      danger: true,
      run: () => set.mutateAsync({ params, body: { values: { [name]: null } } }).then(() => done(t('action.saved'))),
    })
  const { connection } = account
  return (
    <Modal
      open
      title={t('accounts.connectTitle', { name: account.name })}
      okText={changed ? t('accounts.saveAndTest') : t('accounts.test')}
      cancelText={t('accounts.done')}
      okButtonProps={{ loading: set.isPending || test.isPending }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <p className="soft small">{t('accounts.connectHint')}</p>
      {problem !== undefined && <Alert type="error" showIcon title={problem} />}
      {problem === undefined && connection.state !== 'untested' && !changed && (
        <Alert
          type={connection.state === 'ok' ? 'success' : 'error'}
          showIcon
          data-testid="connection-result"
          title={connection.state === 'ok' ? t('accounts.connectedIn', { ms: connection.ms ?? 0 }) : connection.message}
          description={<InstantText at={connection.at} />}
        />
      )}
      <form
        className="stack-s"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {ACCOUNT_CREDENTIALS[account.kind].map((name) => {
          const kept = account.credentials.find((each) => each.name === name)
          return (
            <Form.Item
              key={name}
              layout="vertical"
              label={t(`accounts.credential.${name}`)}
              htmlFor={`credential-${name}`}
              extra={
                kept && (
                  <span className="row-between">
                    <span>
                      {t('accounts.credentialKept', {
                        last4: kept.last4 === '' ? '••••' : `••••${kept.last4}`,
                        by: kept.setBy,
                      })}{' '}
                      <InstantText at={kept.setAt} />
                    </span>
                    <Button type="link" size="small" danger onClick={() => askRemove(name)}>
                      {t('action.remove')}
                    </Button>
                  </span>
                )
              }
            >
              <Input.Password
                id={`credential-${name}`}
                autoComplete="off"
                maxLength={128}
                visibilityToggle={values[name] !== undefined && values[name] !== ''}
                placeholder={kept ? t('accounts.credentialReplace') : t('accounts.credentialNone')}
                value={values[name] ?? ''}
                onChange={(event) => setValues({ ...values, [name]: event.target.value })}
              />
            </Form.Item>
          )
        })}
        <input type="submit" hidden />
      </form>
    </Modal>
  )
}
