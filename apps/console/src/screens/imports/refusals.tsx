import type { ImportJob } from '@zhanggui/contract'
import { Table } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { type Output, useRead } from '../../kit/api.ts'
import { cursorOf, FIRST_PAGE } from '../../kit/cursor-stack.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { Pager } from '../../kit/pager.tsx'

type Refusal = Output<'console.importRefusals'>['items'][number]

export const refusalColumns = () => [
  { title: t('import.line'), dataIndex: 'line', width: 80, className: 'num' },
  { title: t('import.column'), dataIndex: 'column', width: 140, render: (column: Refusal['column']) => column ?? '—' },
  { title: t('import.value'), dataIndex: 'value', width: 220, ellipsis: true },
  { title: t('import.reason'), dataIndex: 'reason' },
]

/** The rows that an import refused, page by page. */
export function Refusals({ job }: { job: ImportJob }) {
  const { shopId } = useShop()
  const [stack, setStack] = useState(FIRST_PAGE)
  const read = useRead(
    'console.importRefusals',
    { params: { shopId, importId: job.id }, query: { cursor: cursorOf(stack), limit: 20 } },
    { keepPrevious: true },
  )
  return (
    <Loaded query={read}>
      {({ items, nextCursor }) => (
        <>
          <Table
            size="small"
            rowKey={(row) => `${row.line}-${row.column}-${row.reason}`}
            dataSource={items}
            columns={refusalColumns()}
            pagination={false}
            scroll={{ x: 'max-content' }}
            data-testid="import-refusals"
          />
          <Pager stack={stack} nextCursor={nextCursor} onMove={setStack} className="gap-top" />
        </>
      )}
    </Loaded>
  )
}
