import { DeleteOutlined } from '@ant-design/icons'
import type { Fen } from '@zhanggui/contract'
import { Button, Checkbox, Segmented } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { Money, MoneyInput } from '../../kit/money.tsx'
import { ProductPicker } from '../products/product-picker.tsx'
import { isBySku, itemOf, type RuleGoods, type RuleItem, wholeProduct, withSku } from './rule-form.ts'

interface FieldProps {
  value?: RuleGoods[]
  onChange?: (goods: RuleGoods[]) => void
}

/** The products that a rule is over, each as a whole or SKU by SKU, with prices of their own where there are any. */
export function GoodsField({ value = [], onChange }: FieldProps) {
  const put = (goods: RuleGoods) => onChange?.(value.map((each) => (each.id === goods.id ? goods : each)))
  return (
    <div className="stack-s">
      {value.map((each) => (
        <GoodsRow
          key={each.id}
          goods={each}
          onItems={(items) => put({ ...each, items })}
          onRemove={() => onChange?.(value.filter(({ id }) => id !== each.id))}
        />
      ))}
      <ProductPicker
        taken={value.map(({ id }) => id)}
        onPick={({ id, title }) => onChange?.([...value, wholeProduct(id, title)])}
      />
    </div>
  )
}

interface RowProps {
  goods: RuleGoods
  onItems: (items: RuleItem[]) => void
  onRemove: () => void
}

function GoodsRow({ goods, onItems, onRemove }: RowProps) {
  const [isOpen, setOpen] = useState(isBySku(goods.items))
  const whole = goods.items.find(({ skuId }) => skuId === null)
  const choose = (bySku: boolean) => {
    setOpen(bySku)
    if (!bySku) onItems([{ skuId: null, priceFen: null }])
  }
  return (
    <div className="rule-goods" data-testid="rule-goods">
      <div className="related-row">
        <span className="cell-title">{goods.title}</span>
        <span className="spring" />
        <Segmented
          size="small"
          value={isOpen}
          onChange={choose}
          aria-label={t('price.scope', { title: goods.title })}
          options={[
            { value: false, label: t('price.wholeProduct') },
            { value: true, label: t('price.bySku') },
          ]}
        />
        {!isOpen && (
          <span className="rule-own-price">
            <MoneyInput
              value={whole?.priceFen ?? null}
              onChange={(priceFen) => onItems([{ skuId: null, priceFen }])}
              placeholder={t('price.byFormula')}
              aria-label={t('price.ownPrice', { what: goods.title })}
            />
          </span>
        )}
        <Button
          type="text"
          size="small"
          icon={<DeleteOutlined />}
          aria-label={t('related.remove', { title: goods.title })}
          onClick={onRemove}
        />
      </div>
      {isOpen && <SkuItems goods={goods} onItems={onItems} />}
      {goods.items.length === 0 && <p className="red small">{t('price.noSku')}</p>}
    </div>
  )
}

function SkuItems({ goods, onItems }: Pick<RowProps, 'goods' | 'onItems'>) {
  const { shopId } = useShop()
  const read = useRead('console.product', { params: { shopId, productId: goods.id } })
  return (
    <Loaded query={read} rows={2}>
      {({ skus }) => {
        const skuIds = skus.map(({ id }) => id)
        return skus.map((sku) => {
          const item = itemOf(goods.items, sku.id)
          const name = sku.optionValues.join(' / ') || sku.code
          const change = (isIn: boolean, priceFen: number | null) =>
            onItems(withSku(goods.items, skuIds, { skuId: sku.id, isIn, priceFen }))
          return (
            <div key={sku.id} className="rule-sku">
              <Checkbox checked={item !== undefined} onChange={({ target }) => change(target.checked, null)}>
                {name}
              </Checkbox>
              <Money fen={sku.priceFen as Fen} />
              <span className="rule-own-price">
                <MoneyInput
                  value={item?.priceFen ?? null}
                  disabled={item === undefined}
                  onChange={(priceFen) => change(true, priceFen)}
                  placeholder={t('price.byFormula')}
                  aria-label={t('price.ownPrice', { what: name })}
                />
              </span>
            </div>
          )
        })
      }}
    </Loaded>
  )
}
