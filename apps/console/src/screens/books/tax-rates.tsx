import { PlusOutlined } from '@ant-design/icons'
import { ROUTES, type TaxRate } from '@zhanggui/contract'
import { App, Button, Card, Form, InputNumber, TreeSelect } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { DayInput } from '../../kit/day-input.tsx'
import { businessDay } from '../../kit/days.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { Nothing } from '../../kit/nothing.tsx'
import { percentText } from '../../kit/percent-text.ts'
import { SmallTable } from '../../kit/small-table.tsx'
import { categoryTree } from '../products/categories.ts'
import { BookTabs } from './tabs.tsx'

const STALE = ['console.taxRates', 'console.revenueBook', 'console.revenueBookTotals'] as const
const PERCENT = 100

/** VAT rates of categories, or from a day on. */
export default function TaxRatesPage() {
  const { shop, shopId, may } = useShop()
  const { modal } = App.useApp()
  const { done } = useFeedback()
  const [adding, setAdding] = useState(false)
  const read = useRead('console.taxRates', { params: { shopId } })
  const remove = useWrite('console.removeTaxRate', STALE)
  const ask = (rate: TaxRate) =>
    modal.confirm({
      title: t('books.taxRemoveAsk'),
      okText: t('books.taxRemove'),
      okButtonProps: { danger: true },
      cancelText: t('action.cancel'),
      onOk: async () => {
        await remove.mutateAsync({ params: { shopId, taxRateId: rate.id } })
        done(t('books.taxRemoved'))
      },
    })
  const mayWrite = may('settings.write')
  const add = (
    <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t('books.taxAdd')}
    </Button>
  )
  return (
    <Page title={t('nav.books')} hint={t('books.taxHint')} actions={<BookTabs />}>
      <Loaded query={read}>
        {({ defaultBp, items }) => (
          <Card
            title={t('books.tax')}
            data-testid="tax-rates"
            extra={
              <span className="row-actions">
                {may('settings.read') && (
                  <Link to={`/s/${shop.slug}/settings?q=${encodeURIComponent(t('books.taxSettingName'))}`}>
                    <Button tabIndex={-1}>{t('books.taxSetting')}</Button>
                  </Link>
                )}
                {mayWrite && items.length > 0 && add}
              </span>
            }
          >
            <p className="soft">{t('books.taxDefault', { rate: percentText(defaultBp) })}</p>
            {items.length === 0 ? (
              <Nothing title={t('books.taxNone')} hint={t('books.taxNoneHint')} action={mayWrite && add} />
            ) : (
              <SmallTable
                rows={items}
                rowKey={(row) => row.id}
                columns={[
                  {
                    title: t('books.taxOf'),
                    render: (row) => (row.categoryId === null ? t('books.taxAll') : row.categoryPath.join(' / ')),
                  },
                  { title: t('books.taxFrom'), render: (row) => <span className="num">{row.fromDay}</span> },
                  {
                    ...{ title: t('books.rate'), align: 'right' },
                    render: (row) => <span className="num strong">{percentText(row.rateBp)}</span>,
                  },
                  { title: t('books.taxBy'), render: (row) => <span className="soft">{row.createdBy}</span> },
                  {
                    ...{ title: '', align: 'right' },
                    render: (row) =>
                      mayWrite && (
                        <Button type="link" size="small" danger onClick={() => ask(row)}>
                          {t('books.taxRemove')}
                        </Button>
                      ),
                  },
                ]}
              />
            )}
          </Card>
        )}
      </Loaded>
      {adding && <AddDialog onClose={() => setAdding(false)} />}
    </Page>
  )
}

interface Values {
  categoryId: string | null
  fromDay: string
  percent: number | null
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const { shopId, may } = useShop()
  const { done } = useFeedback()
  const set = useWrite('console.setTaxRate', STALE)
  const readable = may('catalog.read')
  const categories = useRead('console.categories', { params: { shopId } }, { enabled: readable }).data?.items ?? []
  const initial: Values = { categoryId: null, fromDay: businessDay(Date.now()), percent: null }
  return (
    <FormDialog
      title={t('books.taxAdd')}
      schema={ROUTES['console.setTaxRate'].body}
      initial={initial}
      toInput={({ categoryId, fromDay, percent }) => ({
        ...{ categoryId: categoryId ?? null, fromDay },
        rateBp: percent === null ? undefined : Math.round(percent * PERCENT),
      })}
      submit={(body) => set.mutateAsync({ params: { shopId }, body })}
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <Form.Item name="categoryId" label={t('books.taxOf')}>
        <TreeSelect
          allowClear
          treeDefaultExpandAll
          placeholder={t('books.taxAll')}
          treeData={categoryTree(categories)}
        />
      </Form.Item>
      <Form.Item name="fromDay" label={t('books.taxFrom')}>
        <DayInput />
      </Form.Item>
      <Form.Item name="percent" label={t('books.taxPercent')}>
        <InputNumber min={0} max={20} step={1} precision={2} />
      </Form.Item>
    </FormDialog>
  )
}
