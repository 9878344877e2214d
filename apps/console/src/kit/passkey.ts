import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from '@simplewebauthn/browser'
import type { StaffSession, StepUpPurpose } from '@zhanggui/contract'
import { t } from '../i18n/index.ts'
import { api } from './api.ts'

const IP_ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[.*\])$/
const LOOPBACK = ['127.0.0.1', '0.0.0.0', '[::1]']

/** Whether passkeys work here: browsers offer them under a domain name (or `localhost`), never under an IP address. */
export function passkeySupport(): 'yes' | 'no-browser' | 'needs-domain' | { openAt: string } {
  const { hostname, port, protocol, pathname } = window.location
  if (LOOPBACK.includes(hostname)) return { openAt: `${protocol}//localhost${port ? `:${port}` : ''}${pathname}` }
  if (IP_ADDRESS.test(hostname)) return 'needs-domain'
  return browserSupportsWebAuthn() ? 'yes' : 'no-browser'
}

/** Signs in with the passkey the person chooses in the browser's own dialog. */
export async function signInWithPasskey(): Promise<StaffSession> {
  const { options } = await api('auth.passkeyOptions', {})
  const response = await startAuthentication({ optionsJSON: options as never as PublicKeyCredentialRequestOptionsJSON })
  return (await api('auth.passkeySignIn', { body: { response } })).session
}

/** Proves the person with one of their own passkeys, for one purpose. */
export async function stepUpWithPasskey(purpose: StepUpPurpose): Promise<void> {
  const { options } = await api('staff.stepUpOptions', { body: { purpose } })
  const optionsJSON = options as never as PublicKeyCredentialRequestOptionsJSON
  const response = await startAuthentication({ optionsJSON }).catch((error: unknown) => {
    throw inWords(error)
  })
  await api('staff.stepUp', { body: { purpose, proof: { means: 'passkey', response } } })
}

/**
 * Offers passkeys among the suggestions of the account field; answers once one was chosen, undefined when none can be.
 * A browser has one question open at a time, and the newest ends the others: `wanted` is asked again before it opens.
 */
export async function offerPasskeys(wanted: () => boolean): Promise<StaffSession | undefined> {
  if (passkeySupport() !== 'yes' || !(await browserSupportsWebAuthnAutofill())) return undefined
  const { options } = await api('auth.passkeyOptions', {})
  if (!wanted()) return undefined
  const response = await startAuthentication({
    optionsJSON: options as never as PublicKeyCredentialRequestOptionsJSON,
    useBrowserAutofill: true,
  })
  return (await api('auth.passkeySignIn', { body: { response } })).session
}

/** Ends what `offerPasskeys` waits for. */
export const stopOffering = (): void => WebAuthnAbortService.cancelCeremony()

/** Makes a passkey on this device and keeps it under `name`. */
export async function addPasskey(name: string, password: string): Promise<void> {
  const { options } = await api('staff.passkeyStart', { body: { password } })
  const optionsJSON = options as never as PublicKeyCredentialCreationOptionsJSON
  const response = await startRegistration({ optionsJSON }).catch((error: unknown) => {
    throw inWords(error)
  })
  await api('staff.addPasskey', { body: { name, response } })
}

/** What the browser's error means, in the user's words; other errors stay as they are. */
export function inWords(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (error.name === 'InvalidStateError') return new Error(t('security.already'))
  if (error.name === 'NotAllowedError' || error.name === 'AbortError') return new Error(t('security.cancelled'))
  return error
}

/** A name for this device, to begin with. */
export function deviceName(agent = navigator.userAgent): string {
  const system = [
    ['iPhone', /iPhone/],
    ['iPad', /iPad/],
    ['Android', /Android/],
    ['Mac', /Mac OS X/],
    ['Windows', /Windows/],
    ['Linux', /Linux/],
  ].find(([, pattern]) => (pattern as RegExp).test(agent))?.[0] as string | undefined
  const browser = /Edg\//.test(agent)
    ? 'Edge'
    : /Chrome\//.test(agent)
      ? 'Chrome'
      : /Firefox\//.test(agent)
        ? 'Firefox'
        : /Safari\//.test(agent)
          ? 'Safari'
          : ''
  return [system, browser].filter(Boolean).join(' · ')
}
