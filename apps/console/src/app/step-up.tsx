import { KeyOutlined, SafetyOutlined } from '@ant-design/icons'
import type { StepUpAsked, StepUpMeans } from '@zhanggui/contract'
import { Alert, Button, Input, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { t } from '../i18n/index.ts'
import { api, errorText, type Input as In, listenForStepUp } from '../kit/api.ts'
import { passkeySupport, stepUpWithPasskey } from '../kit/passkey.ts'

/** Ant Design puts its questions (`modal.confirm`) at 2000; they wait for this dialog. */
const ABOVE_QUESTIONS = 2100

type Proof = In<'staff.stepUp'>['body']['proof']

interface Question {
  asked: StepUpAsked
  answer: (proven: boolean) => void
}

/**
 * One dialog for every call that asks who one is: it opens by itself, and the call goes on afterwards. Calls that ask
 * meanwhile for the same purpose wait for the same answer.
 */
export function StepUp() {
  const [questions, setQuestions] = useState<readonly Question[]>([])
  useEffect(() => {
    const open = new Map<string, Promise<boolean>>()
    const ask = (asked: StepUpAsked): Promise<boolean> => {
      const same = open.get(asked.purpose)
      if (same) return same
      const answered = new Promise<boolean>((answer) => setQuestions((all) => [...all, { asked, answer }]))
      open.set(asked.purpose, answered)
      void answered.finally(() => open.delete(asked.purpose))
      return answered
    }
    listenForStepUp(ask)
    return () => listenForStepUp(async () => false)
  }, [])
  const [first] = questions
  if (!first) return null
  const answer = (proven: boolean) => {
    first.answer(proven)
    setQuestions((all) => all.slice(1))
  }
  return <StepUpDialog key={first.asked.purpose} asked={first.asked} onAnswer={answer} />
}

function StepUpDialog({ asked, onAnswer }: { asked: StepUpAsked; onAnswer: (proven: boolean) => void }) {
  const { purpose } = asked
  const means = asked.means.filter((each) => each !== 'passkey' || passkeySupport() === 'yes')
  const [chosen, setChosen] = useState<StepUpMeans | undefined>(means[0])
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const run = async (prove: () => Promise<unknown>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await prove()
      onAnswer(true)
    } catch (error) {
      setProblem(errorText(error))
    } finally {
      setBusy(false)
    }
  }
  const send = (proof: Proof) => void run(() => api('staff.stepUp', { body: { purpose, proof } }))
  const others = means.filter((each) => each !== chosen)
  return (
    <Modal
      open
      width={400}
      footer={null}
      mask={{ closable: false }}
      zIndex={ABOVE_QUESTIONS}
      title={
        <>
          <SafetyOutlined /> {t('stepUp.title')}
        </>
      }
      onCancel={() => onAnswer(false)}
    >
      <div className="step-up" data-testid="step-up">
        <p className="soft">{t('stepUp.hint', { purpose: t(`stepUp.for.${purpose}`) })}</p>
        {problem !== undefined && <Alert type="error" showIcon title={problem} role="alert" />}
        {chosen === undefined && <Alert type="warning" showIcon title={t('stepUp.otherDevice')} />}
        {chosen === 'passkey' && (
          <Button
            type="primary"
            size="large"
            block
            icon={<KeyOutlined />}
            loading={busy}
            onClick={() => void run(() => stepUpWithPasskey(purpose))}
          >
            {t('stepUp.passkey')}
          </Button>
        )}
        {chosen !== undefined && chosen !== 'passkey' && (
          <Typed key={chosen} means={chosen} busy={busy} onProof={send} />
        )}
        {others.map((each) => (
          <Button key={each} type="link" onClick={() => setChosen(each)}>
            {t(`stepUp.use.${each}`)}
          </Button>
        ))}
      </div>
    </Modal>
  )
}

/** A code or a password, typed. */
function Typed({
  means,
  busy,
  onProof,
}: {
  means: Exclude<StepUpMeans, 'passkey'>
  busy: boolean
  onProof: (proof: Proof) => void
}) {
  const [text, setText] = useState('')
  const ready = means === 'totp' ? /^\d{6}$/.test(text) : text !== ''
  const props = {
    size: 'large' as const,
    value: text,
    autoFocus: true,
    'aria-label': t(`stepUp.use.${means}`),
    placeholder: t(`stepUp.use.${means}`),
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
  }
  const submit = () => {
    if (!ready || busy) return
    onProof(means === 'password' ? { means, password: text } : { means, code: text })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {means === 'password' ? (
        <Input.Password {...props} autoComplete="current-password" maxLength={128} />
      ) : (
        <Input
          {...props}
          className="num"
          autoComplete="one-time-code"
          inputMode={means === 'totp' ? 'numeric' : 'text'}
          maxLength={means === 'totp' ? 6 : 20}
        />
      )}
      <Button type="primary" size="large" block htmlType="submit" loading={busy} disabled={!ready}>
        {t('stepUp.go')}
      </Button>
    </form>
  )
}
