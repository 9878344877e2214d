import type { TagDimension } from '@zhanggui/contract'
import { Select } from 'antd'
import { t } from '../../i18n/index.ts'

interface Props {
  dimensions: readonly TagDimension[]
  /** Ids with commas between them, as the address and the route carry them. */
  value: string | undefined
  set: (value: string | undefined) => void
}

/** Tag values to filter by: those of one dimension are alternatives, dimensions add up. Nothing without a vocabulary. */
export function TagFilter({ dimensions, value, set }: Props) {
  if (dimensions.length === 0) return null
  return (
    <Select
      mode="multiple"
      className="filter-choice tag-filter"
      allowClear
      maxTagCount="responsive"
      placeholder={t('tags.title')}
      aria-label={t('tags.title')}
      showSearch={{ optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      value={value === undefined ? [] : value.split(',')}
      options={dimensions.map(({ name, values }) => ({
        label: name,
        title: name,
        options: values.map((each) => ({ value: each.id, label: each.name })),
      }))}
      onChange={(ids: string[]) => set(ids.length === 0 ? undefined : ids.join(','))}
    />
  )
}
