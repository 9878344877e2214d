/** Proving who one is, approvals, and sign-ins that stand out. */
export const safetyEn = {
  'stepUp.title': 'Prove it is you',
  'stepUp.hint':
    '“{purpose}” is sensitive; please confirm that it is you. It then goes on, and you are not asked again for a few minutes.',
  'stepUp.passkey': 'Use fingerprint, face or PIN',
  'stepUp.go': 'Confirm and go on',
  'stepUp.otherDevice':
    'Your passkey cannot be used on this device; use the one it is registered on, or add a one-time-code app first',
  'stepUp.use.passkey': 'Use a passkey',
  'stepUp.use.totp': 'One-time code',
  'stepUp.use.recovery-code': 'Recovery code',
  'stepUp.use.password': 'Password',
  'stepUp.for.withdrawal': 'Withdrawal',
  'stepUp.for.payout': 'Payout account',
  'stepUp.for.credentials': 'Keys and credentials',
  'stepUp.for.refund': 'Large refund',
  'stepUp.for.adjustment': 'Large adjustment by hand',
  'stepUp.for.export': 'Mass export',
  'stepUp.for.personal-data': 'Personal data',
  'stepUp.for.staff': 'Staff, permissions and safety rules',
  'stepUp.for.approval': 'Approval',
}
