import { t } from '../i18n/index.ts'
import type { Change } from './diff.ts'

/** What was and what is, field by field. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return <span className="faint">{t('change.none')}</span>
  return (
    <dl className="changes">
      {changes.map((change) => (
        <div key={change.field}>
          {change.field !== '' && <dt>{change.field}</dt>}
          <dd>
            {change.before !== '' && <del>{change.before}</del>}
            {change.after !== '' && <ins>{change.after}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
