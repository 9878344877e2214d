import { AuditOutlined } from '@ant-design/icons'
import { APPROVAL_STATES, type Approval, type ApprovalAsked } from '@zhanggui/contract'
import { Alert, App, Button, Modal } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { locale, say, t } from '../i18n/index.ts'
import { listenForApproval, useRead, useWrite } from '../kit/api.ts'

const LOOK_MS = 3_000
const LOOK_ASIDE_MS = 10_000
/** Above Ant Design's own questions, as the question who one is. */
const ABOVE_QUESTIONS = 2100

interface Waiting {
  asked: ApprovalAsked
  answer: (agreed: boolean) => void
  /** The person does something else meanwhile: the call waits without a dialog. */
  isAside: boolean
}

/**
 * Every call that a colleague has to agree to waits here, and goes on by itself once they have: under a dialog, or
 * aside while the person works on. Who leaves the console altogether makes the call once more.
 */
export function ApprovalWait() {
  const [waiting, setWaiting] = useState<readonly Waiting[]>([])
  const latest = useRef(waiting)
  latest.current = waiting
  useEffect(() => {
    listenForApproval((asked) => {
      // The same call made anew waits once: the earlier one is given up.
      const isSame = (each: Waiting) => each.asked.approvalId === asked.approvalId
      for (const each of latest.current.filter(isSame)) each.answer(false)
      return new Promise((answer) =>
        setWaiting((before) => [...before.filter((each) => !isSame(each)), { asked, answer, isAside: false }]),
      )
    })
    return () => listenForApproval(async () => false)
  }, [])
  return waiting.map((each) => {
    const { approvalId } = each.asked
    const props: WaitProps = {
      asked: each.asked,
      onAnswer: (agreed) => {
        setWaiting((before) => before.filter((it) => it !== each))
        each.answer(agreed)
      },
    }
    if (each.isAside) return <WaitAside key={approvalId} {...props} />
    const putAside = () => setWaiting((before) => before.map((it) => (it === each ? { ...it, isAside: true } : it)))
    return <WaitDialog key={approvalId} {...props} onAside={putAside} />
  })
}

interface WaitProps {
  asked: ApprovalAsked
  onAnswer: (agreed: boolean) => void
}

/** Looks again and again what became of it; calls back once a colleague has agreed. */
function useDecision(asked: ApprovalAsked, everyMs: number, onAgreed: () => void) {
  const params = { shopId: asked.shopId, approvalId: asked.approvalId }
  const { data } = useRead('console.approval', { params }, { refetchMs: everyMs })
  const isAgreed = data?.state === 'approved'
  const latest = useRef(onAgreed)
  latest.current = onAgreed
  useEffect(() => {
    if (isAgreed) latest.current()
  }, [isAgreed])
  return { data, params, isOver: data !== undefined && data.state !== 'pending' && !isAgreed }
}

const wordsOf = (row: Approval): string => (locale() === 'en' ? row.summaryEn : row.summary)

/** Waits without being in the way; what came of it is told wherever the person is by then. */
function WaitAside({ asked, onAnswer }: WaitProps) {
  const { notification } = App.useApp()
  const { data, isOver } = useDecision(asked, LOOK_ASIDE_MS, () => {
    if (data) notification.success({ title: t('approval.wentOn'), description: wordsOf(data) })
    onAnswer(true)
  })
  const latest = useRef(onAnswer)
  latest.current = onAnswer
  const ended = isOver ? data : undefined
  useEffect(() => {
    if (ended === undefined) return
    const { state, reason } = ended
    if (state !== 'cancelled')
      notification.warning({ title: `${say(APPROVAL_STATES[state])}：${wordsOf(ended)}`, description: reason })
    latest.current(false)
  }, [ended, notification])
  return null
}

function WaitDialog({ asked, onAnswer, onAside }: WaitProps & { onAside: () => void }) {
  const cancel = useWrite('console.cancelApproval', ['console.approvals'])
  const { data, params, isOver } = useDecision(asked, LOOK_MS, () => onAnswer(true))
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
            <Button onClick={onAside}>{t('approval.later')}</Button>
          </>
        )
      }
      onCancel={isOver ? () => onAnswer(false) : onAside}
    >
      <div className="stack-s" data-testid="approval-wait">
        <p>{t('approval.waitHint')}</p>
        {data && <p className="strong">{wordsOf(data)}</p>}
        {data && isOver && (
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
