import { z } from 'zod'
import { t } from '../i18n/index.ts'

/** Makes the schemas of the contract speak the language in force. Messages written in a schema stay. */
export function speakInForms(): void {
  z.config({ customError: (issue) => wording(issue as unknown as RawIssue) })
}

interface RawIssue {
  code: string
  input?: unknown
  origin?: string
  minimum?: number
  maximum?: number
  format?: string
}

function wording(issue: RawIssue): string {
  const { input } = issue
  if (input === undefined || input === null || input === '') return t('form.required')
  if (typeof input === 'number' && Number.isNaN(input)) return t('form.amountInvalid')
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'string') return t('form.tooShort', { count: issue.minimum ?? 1 })
      if (issue.origin === 'array') return t('form.tooFew', { count: issue.minimum ?? 1 })
      return t('form.tooSmall', { limit: issue.minimum ?? 0 })
    case 'too_big':
      if (issue.origin === 'string') return t('form.tooLong', { count: issue.maximum ?? 0 })
      if (issue.origin === 'array') return t('form.tooMany', { count: issue.maximum ?? 0 })
      return t('form.tooBig', { limit: issue.maximum ?? 0 })
    default:
      return t('form.invalid')
  }
}
