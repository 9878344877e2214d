import { PASSWORD } from './app.ts'

/** Bodies for the access matrix: they pass the schemas and are nobody's passkey. */
export function passkeyBodies() {
  const credential = { id: 'AAAA', rawId: 'AAAA', type: 'public-key' }
  const clientDataJSON = Buffer.from('{}').toString('base64url')
  return {
    'auth.passkeySignIn': {
      response: { ...credential, response: { clientDataJSON, authenticatorData: 'AAAA', signature: 'AAAA' } },
    },
    'staff.stepUpOptions': { purpose: 'staff' },
    'staff.stepUp': { purpose: 'staff', proof: { means: 'password', password: PASSWORD } },
    'staff.passkeyStart': { password: PASSWORD },
    'staff.totpStart': { password: PASSWORD },
    'staff.addPasskey': {
      name: '我的手机',
      response: { ...credential, response: { clientDataJSON, attestationObject: 'AAAA' } },
    },
    'staff.recoveryCodes': { password: PASSWORD },
  }
}
