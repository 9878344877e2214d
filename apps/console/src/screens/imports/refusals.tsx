import type { ImportJob } from '@zhanggui/contract'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { type Output, useRead } from '../../kit/api.ts'
import { cursorOf, FIRST_PAGE } from '../../kit/cursor-stack.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { Pager } from '../../kit/pager.tsx'
import { SmallTable } from '../../kit/small-table.tsx'

type Refusal = Output<'console.importRefusals'>['items'][number]

/** Rows that were refused: line, column, what stood there and why it was refused. */
export const RefusalRows = ({ rows }: { rows: readonly Refusal[] }) => (
  <SmallTable
    rows={rows}
    rowKey={(row) => `${row.line}-${row.column}-${row.reason}`}
    columns={[
      { title: t('import.line'), render: (row) => <span className="num">{row.line}</span> },
      { title: t('import.column'), render: (row) => row.column ?? '—' },
      {
        title: t('import.value'),
        render: (row) => (
          <span className="cell-clip" title={row.value}>
            {row.value}
          </span>
        ),
      },
      { title: t('import.reason'), render: (row) => row.reason },
    ]}
  />
)

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
          <div data-testid="import-refusals">
            <RefusalRows rows={items} />
          </div>
          <Pager stack={stack} nextCursor={nextCursor} onMove={setStack} className="gap-top" />
        </>
      )}
    </Loaded>
  )
}
