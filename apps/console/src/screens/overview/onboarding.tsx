import { CheckCircleFilled, CloseOutlined, RightOutlined } from '@ant-design/icons'
import type { OnboardingStep, Onboarding as State } from '@zhanggui/contract'
import { Button, Card, Progress } from 'antd'
import { Link } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { hasMessage, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'

const textOf = (key: string): string => (hasMessage(key) ? t(key) : '')

/** The way to the first parcel, for a shop that is new; it goes by itself when all is done, or is put away. */
export function Onboarding() {
  const { shopId, may } = useShop()
  const { doneWithUndo, failed } = useFeedback()
  const read = useRead('console.onboarding', { params: { shopId } }, { enabled: may('settings.read') })
  const change = useWrite('console.setOnboarding', ['console.onboarding'])
  if (!read.data || read.data.dismissed) return null
  const { steps } = read.data
  const settled = steps.filter((step) => step.done || step.skipped).length
  if (settled === steps.length) return null
  // Once it is well under way only what is left is shown.
  const shown = settled * 2 > steps.length ? steps.filter((step) => !step.done) : steps
  const dismiss = (dismissed: boolean) => change.mutateAsync({ params: { shopId }, body: { dismissed } })
  const putAway = () => dismiss(true).then(() => doneWithUndo(t('onboarding.putAway'), () => dismiss(false)), failed)
  const skip = (key: string, skipped: boolean) =>
    change.mutate({ params: { shopId }, body: { skip: { key, skipped } } }, { onError: failed })
  return (
    <Card
      className="onboarding"
      data-testid="onboarding"
      title={
        <span className="onboarding-head">
          {t('onboarding.title')}
          <span className="soft num">{t('onboarding.progress', { done: settled, all: steps.length })}</span>
        </span>
      }
      extra={
        may('settings.write') && (
          <Button type="text" icon={<CloseOutlined />} onClick={() => void putAway()}>
            {t('onboarding.dismiss')}
          </Button>
        )
      }
    >
      <Progress
        percent={Math.round((settled / steps.length) * 100)}
        showInfo={false}
        size="small"
        aria-label={t('onboarding.title')}
      />
      <ol className="onboarding-steps">
        {shown.map((step) => (
          <Step key={step.key} step={step} next={nextOf(read.data)?.key === step.key} onSkip={skip} />
        ))}
      </ol>
    </Card>
  )
}

const nextOf = ({ steps }: State): OnboardingStep | undefined => steps.find((step) => !step.done && !step.skipped)

function Step(props: { step: OnboardingStep; next: boolean; onSkip: (key: string, skipped: boolean) => void }) {
  const { step, next, onSkip } = props
  const { shop, may } = useShop()
  const state = step.done ? 'done' : step.skipped ? 'skipped' : next ? 'next' : ''
  return (
    <li className={`onboarding-step ${state}`} data-step={step.key}>
      <span className="onboarding-mark" aria-hidden>
        {step.done && <CheckCircleFilled className="green" />}
      </span>
      <span className="cell-text">
        <span className="strong">
          {textOf(`onboarding.${step.key}`) || step.key}
          {step.done && <span className="sr-only">{t('onboarding.done')}</span>}
        </span>
        {!step.done && <span className="soft small">{textOf(`onboarding.${step.key}.hint`)}</span>}
      </span>
      {!step.done && (
        <span className="onboarding-tools">
          {may('settings.write') && (
            <Button size="small" type="text" onClick={() => onSkip(step.key, !step.skipped)}>
              {t(step.skipped ? 'onboarding.unskip' : 'onboarding.skip')}
            </Button>
          )}
          {!step.skipped && (
            <Link to={`/s/${shop.slug}/${step.to}`}>
              <Button
                size="small"
                type={next ? 'primary' : 'default'}
                icon={<RightOutlined />}
                iconPlacement="end"
                tabIndex={-1}
              >
                {t('onboarding.go')}
              </Button>
            </Link>
          )}
        </span>
      )}
    </li>
  )
}
