import type { ImportJob } from '@zhanggui/contract'
import { Tag } from 'antd'
import { t } from '../../i18n/index.ts'

const COLOURS = {
  reading: 'blue',
  mapping: 'gold',
  running: 'blue',
  done: 'success',
  failed: 'red',
  cancelled: 'default',
} as const

export function ImportStateTag({ state }: { state: ImportJob['state'] }) {
  return (
    <Tag color={COLOURS[state]} data-testid="import-state">
      {t(`import.state.${state}`)}
    </Tag>
  )
}
