import { Tag } from 'antd'
import { t } from '../../i18n/index.ts'
import type { Filter } from '../../kit/filters.tsx'

/** Shows that a list has one buyer's rows only, and lets one see all again. Comes with a link, is never chosen here. */
export const onlyBuyer = (): Filter => ({
  kind: 'custom',
  name: 'buyer',
  render: (value, set) =>
    value === undefined ? null : (
      <Tag closable color="blue" onClose={() => set(undefined)}>
        {t('buyer.only')}
      </Tag>
    ),
})
