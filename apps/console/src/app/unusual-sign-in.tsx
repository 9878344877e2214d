import { Alert, Button } from 'antd'
import { t } from '../i18n/index.ts'
import { useRead, useWrite } from '../kit/api.ts'
import { useFeedback } from '../kit/feedback.tsx'
import { InstantText } from '../kit/instant.tsx'

/**
 * Tells of another sign-in from a device or a place that is new, until the person says whether it was they. The session
 * that is new itself is not asked: it would answer for itself.
 */
export function UnusualSignIn() {
  const { done, failed } = useFeedback()
  const read = useRead('staff.signIns', {})
  const own = useWrite('staff.ownSignIns', ['staff.signIns'])
  const endOthers = useWrite('staff.endOtherSessions', ['staff.signIns'])
  const found = read.data?.items.find((each) => each.open && !each.current)
  if (!found) return null
  const what = found.newPlace ? `${found.device}，${found.place}` : found.device
  const stop = async () => {
    try {
      await endOthers.mutateAsync({})
      done(t('unusual.ended'))
    } catch (error) {
      failed(error)
    }
  }
  return (
    <Alert
      banner
      type="warning"
      data-testid="unusual-sign-in"
      title={
        <>
          {t('unusual.title', { what })} <InstantText at={found.at} />
        </>
      }
      action={
        <>
          <Button size="small" type="text" loading={own.isPending} onClick={() => own.mutate({})}>
            {t('unusual.own')}
          </Button>
          <Button size="small" type="text" danger loading={endOthers.isPending} onClick={() => void stop()}>
            {t('unusual.end')}
          </Button>
        </>
      }
    />
  )
}
