import { DATA_SCOPE_DIMENSIONS, type DataScope } from '@zhanggui/contract'
import { Tag } from 'antd'
import { t } from '../../i18n/index.ts'

const FIRST = 3

/** A scope in a line: the whole shop, or what it is narrowed to. */
export function ScopeText({ scope, names }: { scope: DataScope; names: ReadonlyMap<string, string> }) {
  const narrowed = DATA_SCOPE_DIMENSIONS.filter((dimension) => scope[dimension] !== null)
  if (narrowed.length === 0) return <span className="faint small">{t('role.scopeWhole')}</span>
  return (
    <span className="scope-text">
      {narrowed.map((dimension) => (
        <Tag key={dimension}>
          {t(`scope.${dimension}`)}：{scopeWords(scope, dimension, names)}
        </Tag>
      ))}
    </span>
  )
}

/** Names of what a dimension is narrowed to, the first few. */
export function scopeWords(
  scope: DataScope,
  dimension: (typeof DATA_SCOPE_DIMENSIONS)[number],
  names: ReadonlyMap<string, string>,
): string {
  const ids = scope[dimension]
  if (ids === null) return t('role.scopeAll')
  const words = ids
    .slice(0, FIRST)
    .map((id) => names.get(id) ?? t('role.scopeGone', { dimension: t(`scope.${dimension}`) }))
  return `${words.join('、')}${ids.length > FIRST ? ` +${ids.length - FIRST}` : ''}`
}
