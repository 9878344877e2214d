import { PlusOutlined } from '@ant-design/icons'
import type { ProductPrices } from '@zhanggui/contract'
import { Alert, Button, Segmented, Table } from 'antd'
import { useState } from 'react'
import { useShop } from '../../../app/session.tsx'
import { t } from '../../../i18n/index.ts'
import { useRead, useWrite } from '../../../kit/api.ts'
import { Loaded, useFeedback } from '../../../kit/feedback.tsx'
import { Money } from '../../../kit/money.tsx'
import { PriceTest } from '../../prices/price-test.tsx'
import { RuleDialog } from '../../prices/rule-dialog.tsx'
import { wholeProduct } from '../../prices/rule-form.ts'
import { ruleSentence } from '../../prices/rule-sentence.ts'
import { RuleStateTag, RuleWindow, StoredRule, useRuleSwitch } from '../../prices/rules.tsx'
import { useLevelNames } from '../../prices/use-level-names.ts'
import { Section, type SectionProps } from './section.tsx'

/** All prices of a product: what it costs now, the rules over it, what they do to one another, the test bench. */
export function PricesSection({ product }: SectionProps) {
  const { shopId, may } = useShop()
  const productId = product!.id
  const [edited, setEdited] = useState<string>()
  const [testing, setTesting] = useState(false)
  const read = useRead('console.productPrices', { params: { shopId, productId } })
  const buttons = (
    <span className="row-actions">
      <Button size="small" onClick={() => setTesting(true)}>
        {t('price.test')}
      </Button>
      {may('catalog.write') && (
        <Button size="small" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
          {t('price.create')}
        </Button>
      )}
    </span>
  )
  return (
    <Section id="prices" title="price.section" extra={buttons}>
      <Loaded query={read} rows={3}>
        {(prices) => (
          <div className="stack-s">
            <DisplayField productId={productId} prices={prices} />
            {prices.conflicts.map((words) => (
              <Alert key={words} type="warning" showIcon title={words} />
            ))}
            <Rules rules={prices.rules} edit={setEdited} />
            <NowTable skus={prices.skus} />
          </div>
        )}
      </Loaded>
      {edited === 'new' && (
        <RuleDialog
          rule={undefined}
          goods={[wholeProduct(productId, product!.title)]}
          onClose={() => setEdited(undefined)}
        />
      )}
      {edited !== undefined && edited !== 'new' && <StoredRule ruleId={edited} onClose={() => setEdited(undefined)} />}
      {testing && <PriceTest productId={productId} onClose={() => setTesting(false)} />}
    </Section>
  )
}

function DisplayField({ productId, prices }: { productId: string; prices: ProductPrices }) {
  const { shopId, may } = useShop()
  const { failed } = useFeedback()
  const write = useWrite('console.setPriceDisplay', ['console.productPrices'])
  const shop = t(`price.display.${prices.shopDisplay}`)
  return (
    <div className="related-row">
      <span>{t('price.display')}</span>
      <Segmented
        value={prices.display}
        disabled={!may('catalog.write') || write.isPending}
        options={[
          { value: 'shop', label: t('price.display.shop', { shop }) },
          { value: 'strike', label: t('price.display.strike') },
          { value: 'drop', label: t('price.display.drop') },
        ]}
        onChange={(display) =>
          write.mutate(
            { params: { shopId, productId }, body: { display: display as ProductPrices['display'] } },
            { onError: failed },
          )
        }
      />
    </div>
  )
}

function Rules({ rules, edit }: { rules: ProductPrices['rules']; edit: (ruleId: string) => void }) {
  const { may } = useShop()
  const toggle = useRuleSwitch()
  const levelNames = useLevelNames()
  if (rules.length === 0) return <span className="soft">{t('price.noneHere')}</span>
  return (
    <div className="stack-s" data-testid="product-rules">
      {rules.map((rule) => (
        <div key={rule.id} className="related-row">
          <RuleStateTag state={rule.state} />
          <Button type="link" size="small" onClick={() => edit(rule.id)}>
            {rule.label}
          </Button>
          <span className="soft spring">{ruleSentence(rule, levelNames)}</span>
          <RuleWindow rule={rule} />
          {may('catalog.write') && (
            <Button type="link" size="small" danger={rule.state !== 'stopped'} onClick={() => toggle(rule)}>
              {t(rule.state === 'stopped' ? 'price.resume' : 'price.stop')}
            </Button>
          )}
        </div>
      ))}
    </div>
  )
}

/** What SKUs cost, with the steps that lead there. */
export function NowTable({ skus }: { skus: ProductPrices['skus'] }) {
  return (
    <Table<ProductPrices['skus'][number]>
      size="small"
      rowKey="skuId"
      dataSource={skus}
      pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: 'max-content' }}
      columns={[
        { title: t('price.sku'), render: (_, sku) => sku.options || sku.code },
        { title: t('price.base'), align: 'right', render: (_, sku) => <Money fen={sku.baseFen} /> },
        { title: t('price.pays'), align: 'right', render: (_, sku) => <Money fen={sku.priceFen} strong /> },
        {
          title: t('price.why'),
          render: (_, sku) => (
            <div className="stack-xs">
              {sku.reasons.map((reason) => (
                <span key={reason}>{reason}</span>
              ))}
              {sku.considered
                .filter(({ taken }) => !taken)
                .map((each) => (
                  <span key={each.ruleId} className="faint">
                    {each.label}: {each.words}
                  </span>
                ))}
            </div>
          ),
        },
      ]}
    />
  )
}
