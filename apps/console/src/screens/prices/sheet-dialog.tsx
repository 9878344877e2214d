import type { PriceSheet } from '@zhanggui/contract'
import { Alert, Input } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { PlainDialog } from '../../kit/plain-dialog.tsx'
import { SmallTable } from '../../kit/small-table.tsx'

interface Props {
  onItems: (items: PriceSheet['items']) => void
  onClose: () => void
}

/**
 * Takes code and price out of a spreadsheet's lines. When some mean nothing it stays open with the reasons; the text is
 * left as it is, so that lines keep their numbers: what has been added is not added twice.
 */
export function SheetDialog({ onItems, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const read = useWrite('console.readPriceSheet', [])
  const [text, setText] = useState('')
  const [refused, setRefused] = useState<PriceSheet['refused']>([])
  const take = ({ items, refused }: PriceSheet) => {
    if (items.length > 0) {
      onItems(items)
      done(t('price.sheetAdded', { count: items.length }))
    }
    if (refused.length === 0) return onClose()
    setRefused(refused)
  }
  return (
    <PlainDialog
      title={t('price.sheet')}
      okText={t('price.sheetTake')}
      disabled={text.trim() === ''}
      run={() => read.mutateAsync({ params: { shopId }, body: { text } })}
      onClose={onClose}
      onDone={take}
    >
      <div className="stack-s">
        <p className="soft small">{t('price.sheetHint')}</p>
        <Input.TextArea
          autoFocus
          autoSize={{ minRows: 6, maxRows: 12 }}
          value={text}
          placeholder={'TEA-001\t59.00\nTEA-002\t69.00'}
          aria-label={t('price.sheet')}
          onChange={(event) => setText(event.target.value)}
        />
        {refused.length > 0 && (
          <div data-testid="sheet-refused">
            <Alert type="warning" showIcon title={t('price.sheetRefused', { count: refused.length })} />
            <SmallTable
              rows={refused}
              rowKey={({ line }) => String(line)}
              columns={[
                { title: t('price.sheetLine'), align: 'right', render: ({ line }) => line },
                { title: t('price.sheetText'), render: (line) => line.text },
                { title: t('price.sheetReason'), render: ({ reason }) => reason },
              ]}
            />
          </div>
        )}
      </div>
    </PlainDialog>
  )
}
