import { KeyOutlined } from '@ant-design/icons'
import type { StaffSession } from '@zhanggui/contract'
import { Button, Divider } from 'antd'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { t } from '../../i18n/index.ts'
import { ApiError } from '../../kit/api.ts'
import { inWords, offerPasskeys, passkeySupport, signInWithPasskey, stopOffering } from '../../kit/passkey.ts'

/** The question is asked anew before the shortest time that can be set for an answer (one minute) is over. */
const OFFER_AGAIN_MS = 50_000

interface Props {
  onSession: (session: StaffSession) => void
  onError: (error: unknown) => void
}

/** Signing in with a passkey: by this button, or among the suggestions of the account field. */
export function PasskeyStep({ onSession, onError }: Props) {
  const [busy, setBusy] = useState(false)
  /** While the browser's dialog of the button is open, an offer would close it. */
  const asking = useRef(false)
  const chosen = useEffectEvent((session: StaffSession | undefined) => session && onSession(session))
  // What the browser says while it merely offers is no error of the person's; what the server says is.
  const failed = useEffectEvent(
    (error: unknown) => error instanceof ApiError && error.code === 'PASSKEY_REFUSED' && onError(error),
  )
  useEffect(() => {
    let shown = true
    const wanted = () => shown && !asking.current
    const offer = () => void (wanted() && offerPasskeys(wanted).then(chosen, failed))
    offer()
    const timer = setInterval(offer, OFFER_AGAIN_MS)
    return () => {
      shown = false
      clearInterval(timer)
      stopOffering()
    }
  }, [])
  if (passkeySupport() !== 'yes') return null
  const signIn = async () => {
    asking.current = true
    setBusy(true)
    try {
      onSession(await signInWithPasskey())
    } catch (error) {
      onError(inWords(error))
    } finally {
      asking.current = false
      setBusy(false)
    }
  }
  return (
    <>
      <Divider plain>{t('signIn.or')}</Divider>
      <Button size="large" block icon={<KeyOutlined />} loading={busy} onClick={() => void signIn()}>
        {t('signIn.passkey')}
      </Button>
    </>
  )
}
