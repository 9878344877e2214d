import { DATA_SCOPE_DIMENSIONS, type DataScope, type DataScopeDimension, type ScopeChoices } from '@zhanggui/contract'
import { Segmented, TreeSelect } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'

type Choice = NonNullable<ScopeChoices[DataScopeDimension]>[number]

/** Which part of the shop's data a role reaches: each dimension open, or only what is chosen. */
export function ScopeField({
  value,
  onChange,
}: {
  id?: string
  value?: DataScope
  onChange?: (scope: DataScope) => void
}) {
  const { shopId } = useShop()
  const choices = useRead('console.scopeChoices', { params: { shopId } })
  if (!value) return null
  return (
    <div className="scope-field">
      <p className="faint small">{t('role.scopeHint')}</p>
      {DATA_SCOPE_DIMENSIONS.map((dimension) => (
        <Dimension
          key={dimension}
          dimension={dimension}
          ids={value[dimension]}
          choices={choices.data?.[dimension] ?? []}
          loading={choices.isPending}
          onChange={(ids) => onChange?.({ ...value, [dimension]: ids })}
        />
      ))}
    </div>
  )
}

function Dimension(props: {
  dimension: DataScopeDimension
  ids: string[] | null
  choices: readonly Choice[]
  loading: boolean
  onChange: (ids: string[] | null) => void
}) {
  const { dimension, ids, choices, onChange } = props
  // Choosing "only these" keeps what was chosen before, should somebody look at both.
  const [kept, setKept] = useState<string[]>(ids ?? [])
  const title = t(`scope.${dimension}`)
  const known = new Set(choices.map((choice) => choice.id))
  const gone = (ids ?? []).filter((id) => !known.has(id) && !props.loading)
  return (
    <div className="scope-dimension" data-testid={`scope-${dimension}`}>
      <div className="row-between">
        <span className="strong">{title}</span>
        <Segmented
          size="small"
          value={ids === null ? 'all' : 'some'}
          options={[
            { value: 'all', label: t('role.scopeAll') },
            { value: 'some', label: t('role.scopeSome') },
          ]}
          onChange={(next) => onChange(next === 'all' ? null : kept)}
        />
      </div>
      <p className="faint small">{t(`scope.${dimension}.help`)}</p>
      {ids !== null && (
        <TreeSelect
          aria-label={title}
          multiple
          treeDataSimpleMode
          treeDefaultExpandAll
          allowClear
          showSearch={{ treeNodeFilterProp: 'title' }}
          loading={props.loading}
          placeholder={t('role.scopePick')}
          value={ids}
          status={ids.length === 0 ? 'warning' : ''}
          treeData={[
            ...choices.map(({ id, name, parentId }) => ({ id, pId: parentId ?? 0, value: id, title: name })),
            ...gone.map((id) => ({ id, pId: 0, value: id, title: t('role.scopeGone', { dimension: title }) })),
          ]}
          onChange={(next: string[]) => {
            setKept(next)
            onChange(next)
          }}
        />
      )}
    </div>
  )
}
