import { FilterOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import { t } from '../../i18n/index.ts'
import { type Filter, Filters } from '../../kit/filters.tsx'
import { useIsPhone } from '../../kit/media.ts'
import { useFilters } from '../../kit/use-list.ts'
import './orders.css'

/**
 * Filters that are seldom used, behind one button that says how many are in force, so that the others keep to one line.
 * On a phone the list itself folds what it has.
 */
export function useMoreFilters(filters: readonly Filter[]): Filter[] {
  const phone = useIsPhone()
  if (phone) return [...filters]
  return [
    // The list keeps their names: it says that nothing matches where one of them is in force.
    ...filters.map(({ name }): Filter => ({ kind: 'custom', name, render: () => null })),
    { kind: 'custom', name: 'more', render: () => <MoreFilters filters={filters} /> },
  ]
}

function MoreFilters({ filters }: { filters: readonly Filter[] }) {
  const { filters: values, setFilter } = useFilters()
  const inForce = filters.filter(({ name }) => values[name] !== undefined).length
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      content={
        <div className="more-filters">
          <Filters filters={filters} values={values} set={setFilter} />
        </div>
      }
    >
      <Button icon={<FilterOutlined />} {...(inForce > 0 ? { type: 'primary' as const, ghost: true } : {})}>
        {inForce > 0 ? t('filter.moreOn', { count: inForce }) : t('filter.more')}
      </Button>
    </Popover>
  )
}
