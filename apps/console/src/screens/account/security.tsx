import { KeyOutlined, WarningOutlined } from '@ant-design/icons'
import type { Passkey } from '@zhanggui/contract'
import { Alert, Button, Form, Input, List, Modal, Tag, Typography } from 'antd'
import { useState } from 'react'
import { t } from '../../i18n/index.ts'
import { api, keyOf, queryClient, useRead } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { addPasskey, deviceName, passkeySupport } from '../../kit/passkey.ts'
import { PlainDialog } from '../../kit/plain-dialog.tsx'
import { PasswordField } from './password-field.tsx'

const refresh = () => queryClient.invalidateQueries({ queryKey: keyOf('staff.signInMeans') })

const SIGN_INS_SHOWN = 5

/** The own passkeys, recovery codes and latest sign-ins. */
export function SecurityDialog({ onClose }: { onClose: () => void }) {
  const [step, setStep] = useState<'passkey' | 'codes'>()
  const [codes, setCodes] = useState<string[]>()
  const means = useRead('staff.signInMeans', {})
  const close = () => setStep(undefined)
  return (
    <>
      <Modal open title={t('security.title')} footer={null} onCancel={onClose} width={560}>
        <Loaded query={means}>
          {(answer) => (
            <div className="security">
              <section aria-label={t('security.passkeys')}>
                <h3>{t('security.passkeys')}</h3>
                <p className="soft">{t('security.passkeysHint')}</p>
                <Passkeys items={answer.passkeys} />
                <Support onAdd={() => setStep('passkey')} />
              </section>
              <section aria-label={t('security.recovery')}>
                <h3>{t('security.recovery')}</h3>
                <p className="soft">{t('security.recoveryHint')}</p>
                <div className="security-row">
                  <span className="spring">
                    {answer.recoveryCodesLeft === 0
                      ? t('security.recoveryNone')
                      : t('security.recoveryLeft', { count: answer.recoveryCodesLeft })}
                  </span>
                  <Button onClick={() => setStep('codes')}>
                    {t(answer.recoveryCodesLeft === 0 ? 'security.recoveryNew' : 'security.recoveryRenew')}
                  </Button>
                </div>
              </section>
              <SignIns />
            </div>
          )}
        </Loaded>
      </Modal>
      {step === 'passkey' && <AddPasskey onClose={close} />}
      {step === 'codes' && <NewCodes onClose={close} onCodes={setCodes} />}
      {codes && <Codes codes={codes} onClose={() => setCodes(undefined)} />}
    </>
  )
}

function SignIns() {
  const read = useRead('staff.signIns', {})
  return (
    <section aria-label={t('security.signIns')}>
      <h3>{t('security.signIns')}</h3>
      <p className="soft">{t('security.signInsHint')}</p>
      <List
        size="small"
        data-testid="sign-ins"
        dataSource={(read.data?.items ?? []).slice(0, SIGN_INS_SHOWN)}
        rowKey="id"
        renderItem={(each) => (
          <List.Item>
            <span className="spring">
              {each.device} {each.current && <Tag color="green">{t('security.thisSession')}</Tag>}
              {each.newDevice && <Tag color="orange">{t('security.newDevice')}</Tag>}
              {each.newPlace && <Tag color="orange">{t('security.newPlace')}</Tag>}
              <div className="faint num">{each.place}</div>
            </span>
            <InstantText at={each.at} />
          </List.Item>
        )}
      />
    </section>
  )
}

function Passkeys({ items }: { items: Passkey[] }) {
  const { confirm, done } = useFeedback()
  const askRemove = ({ id, name }: Passkey) =>
    confirm({
      title: t('security.removeAsk', { name }),
      content: t('security.removeHint'),
      okText: t('security.remove'),
      danger: true,
      run: async () => {
        await api('staff.removePasskey', { params: { passkeyId: id } })
        await refresh()
        done(t('security.removed', { name }))
      },
    })
  return (
    <List<Passkey>
      data-testid="passkeys"
      dataSource={items}
      locale={{ emptyText: t('security.none') }}
      rowKey="id"
      renderItem={(key) => (
        <List.Item
          actions={[
            <Button key="remove" type="link" danger size="small" onClick={() => askRemove(key)}>
              {t('security.remove')}
            </Button>,
          ]}
        >
          <List.Item.Meta
            avatar={<KeyOutlined />}
            title={
              <>
                {key.name} {key.synced && <Tag>{t('security.synced')}</Tag>}
              </>
            }
            description={
              <>
                {key.lastUsedAt === null ? (
                  t('security.neverUsed')
                ) : (
                  <>
                    {t('security.usedAt')} <InstantText at={key.lastUsedAt} />
                  </>
                )}
                {' · '}
                {t('security.addedAt')} <InstantText at={key.createdAt} />
                {key.cloneSuspectedAt !== null && (
                  <div className="security-warning">
                    <WarningOutlined /> {t('security.cloned')}
                  </div>
                )}
              </>
            }
          />
        </List.Item>
      )}
    />
  )
}

/** The button, or why there is none. */
function Support({ onAdd }: { onAdd: () => void }) {
  const support = passkeySupport()
  if (support === 'yes')
    return (
      <Button icon={<KeyOutlined />} onClick={onAdd}>
        {t('security.add')}
      </Button>
    )
  if (typeof support === 'object')
    return (
      <Alert
        type="info"
        showIcon
        title={t('security.needsDomain')}
        description={<a href={support.openAt}>{support.openAt}</a>}
      />
    )
  return (
    <Alert
      type="info"
      showIcon
      title={t(support === 'needs-domain' ? 'security.needsOwnDomain' : 'security.unsupported')}
    />
  )
}

function AddPasskey({ onClose }: { onClose: () => void }) {
  const { done } = useFeedback()
  const [name, setName] = useState(deviceName())
  const [password, setPassword] = useState('')
  const run = async () => {
    await addPasskey(name.trim(), password)
    await refresh()
    done(t('security.added', { name: name.trim() }))
  }
  return (
    <PlainDialog
      title={t('security.add')}
      okText={t('security.continue')}
      disabled={name.trim() === '' || password === ''}
      run={run}
      onClose={onClose}
    >
      <p className="soft">{t('security.addHint')}</p>
      <Form.Item layout="vertical" label={t('security.name')} htmlFor="passkey-name" extra={t('security.nameHint')}>
        <Input id="passkey-name" value={name} maxLength={40} onChange={(event) => setName(event.target.value)} />
      </Form.Item>
      <PasswordField value={password} onChange={setPassword} />
    </PlainDialog>
  )
}

function NewCodes({ onClose, onCodes }: { onClose: () => void; onCodes: (codes: string[]) => void }) {
  const [password, setPassword] = useState('')
  const run = async () => {
    const { codes } = await api('staff.recoveryCodes', { body: { password } })
    onCodes(codes)
    await refresh()
  }
  return (
    <PlainDialog
      title={t('security.recovery')}
      okText={t('security.recoveryNew')}
      disabled={password === ''}
      run={run}
      onClose={onClose}
    >
      <p className="soft">{t('security.recoveryRenewHint')}</p>
      <PasswordField value={password} onChange={setPassword} />
    </PlainDialog>
  )
}

/** Shown once: to copy, to keep as a file, to write down. */
function Codes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const text = codes.join('\n')
  return (
    <Modal
      open
      title={t('security.recovery')}
      mask={{ closable: false }}
      closable={false}
      keyboard={false}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('security.recoveryDone')}
        </Button>
      }
    >
      <Alert type="warning" showIcon title={t('security.recoveryOnce')} />
      <ul className="recovery-codes num" data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="security-row">
        <Typography.Text copyable={{ text }}>{t('security.recoveryCopy')}</Typography.Text>
        <a href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`} download="zhanggui-recovery-codes.txt">
          {t('security.recoverySave')}
        </a>
      </div>
    </Modal>
  )
}
