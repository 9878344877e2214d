import { AuditOutlined } from '@ant-design/icons'
import { APPROVAL_STATES, type ApprovalAsked } from '@zhanggui/contract'
import { Alert, Button, Modal } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { locale, say, t } from '../i18n/index.ts'
import { listenForApproval, useRead, useWrite } from '../kit/api.ts'

const LOOK_MS = 3_000
/** Above Ant Design's own questions, as the question who one is. */
const ABOVE_QUESTIONS = 2100

interface Waiting {
  asked: ApprovalAsked
  answer: (agreed: boolean) => void
}

/** One dialog for every call that a colleague has to agree to: it waits, and the call goes on once they have. */
export function ApprovalWait() {
  const [waiting, setWaiting] = useState<Waiting>()
  useEffect(() => {
    listenForApproval((asked) => new Promise((answer) => setWaiting({ asked, answer })))
    return () => listenForApproval(async () => false)
  }, [])
  if (!waiting) return null
  const answer = (agreed: boolean) => {
    setWaiting(undefined)
    waiting.answer(agreed)
  }
  return <WaitDialog key={waiting.asked.approvalId} asked={waiting.asked} onAnswer={answer} />
}

function WaitDialog({ asked, onAnswer }: { asked: ApprovalAsked; onAnswer: (agreed: boolean) => void }) {
  const params = { shopId: asked.shopId, approvalId: asked.approvalId }
  const { data } = useRead('console.approval', { params }, { refetchMs: LOOK_MS })
  const cancel = useWrite('console.cancelApproval', ['console.approvals'])
  const isAgreed = data?.state === 'approved'
  const latest = useRef(onAnswer)
  latest.current = onAnswer
  useEffect(() => {
    if (isAgreed) latest.current(true)
  }, [isAgreed])
  const isOver = data !== undefined && data.state !== 'pending' && !isAgreed
  const takeBack = () => cancel.mutate({ params }, { onSettled: () => onAnswer(false) })
  return (
    <Modal
      open
      width={440}
      mask={{ closable: false }}
      zIndex={ABOVE_QUESTIONS}
      title={
        <>
          <AuditOutlined /> {t('approval.waitTitle')}
        </>
      }
      footer={
        isOver ? (
          <Button type="primary" onClick={() => onAnswer(false)}>
            {t('action.back')}
          </Button>
        ) : (
          <>
            <Button danger loading={cancel.isPending} onClick={takeBack}>
              {t('approval.cancel')}
            </Button>
            <Button onClick={() => onAnswer(false)}>{t('approval.later')}</Button>
          </>
        )
      }
      onCancel={() => onAnswer(false)}
    >
      <div className="stack-s" data-testid="approval-wait">
        <p>{t('approval.waitHint')}</p>
        {data && <p className="strong">{locale() === 'en' ? data.summaryEn : data.summary}</p>}
        {isOver && (
          <Alert
            type="error"
            showIcon
            role="alert"
            title={say(APPROVAL_STATES[data.state])}
            description={data.reason === '' ? undefined : `${data.decidedBy}：${data.reason}`}
          />
        )}
      </div>
    </Modal>
  )
}
