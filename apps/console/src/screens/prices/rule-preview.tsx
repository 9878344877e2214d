import { formatMoney, type PricePreviewRow, type PriceRuleDetail, ROUTES } from '@zhanggui/contract'
import { Alert, Form, Table } from 'antd'
import { useEffect, useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { errorText, useRead } from '../../kit/api.ts'
import { Money } from '../../kit/money.tsx'
import { type RuleValues, ruleInput } from './rule-form.ts'

const SETTLE_MS = 400
const range = (min: number, max: number) =>
  min === max ? formatMoney(min) : `${formatMoney(min)} – ${formatMoney(max)}`

/** What the rule in the form would do, asked again when the typing pauses. */
export function RulePreview({ rule }: { rule: PriceRuleDetail | undefined }) {
  const { shopId } = useShop()
  const form = Form.useFormInstance<RuleValues>()
  const values = Form.useWatch([], form) as RuleValues | undefined
  const [settled, setSettled] = useState<string>()
  const now = JSON.stringify(values ?? {})
  useEffect(() => {
    const timer = setTimeout(() => setSettled(now), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [now])
  const parsed = ROUTES['console.createPriceRule'].body.safeParse(
    settled === undefined ? {} : ruleInput(form.getFieldsValue(true) as RuleValues),
  )
  const read = useRead(
    'console.previewPriceRule',
    { params: { shopId }, body: { ...(parsed.data ?? ({} as never)), ruleId: rule?.id } },
    { enabled: parsed.success, keepPrevious: true },
  )
  if (!parsed.success) return <Alert type="info" title={t('price.previewWait')} />
  if (read.isError) return <Alert type="error" showIcon title={errorText(read.error)} />
  if (!read.data) return <Alert type="info" title={t('price.previewWait')} />
  const preview = read.data
  return (
    <div className="stack-s" data-testid="price-preview">
      <Alert
        type="success"
        title={t('price.previewNow', {
          skus: preview.skuCount,
          before: range(preview.minBeforeFen, preview.maxBeforeFen),
          after: range(preview.minAfterFen, preview.maxAfterFen),
        })}
      />
      {preview.belowCost > 0 && (
        <Alert type="warning" showIcon title={t('price.previewCost', { count: preview.belowCost })} />
      )}
      {preview.conflicts.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('price.conflicts')}
          description={preview.conflicts.map(({ ruleId, words }) => <div key={ruleId}>{words}</div>)}
        />
      )}
      <Table<PricePreviewRow>
        size="small"
        rowKey="skuId"
        pagination={{ pageSize: 8, hideOnSinglePage: true, showSizeChanger: false }}
        dataSource={preview.rows}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('price.goods'), render: (_, row) => `${row.title} ${row.options}` },
          { title: t('price.before'), align: 'right', render: (_, row) => <Money fen={row.beforeFen} /> },
          { title: t('price.after'), align: 'right', render: (_, row) => <Money fen={row.afterFen} strong /> },
          { title: t('price.warning'), render: (_, row) => row.warning },
        ]}
      />
    </div>
  )
}
