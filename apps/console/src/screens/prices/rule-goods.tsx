import { CopyOutlined, DeleteOutlined, TableOutlined } from '@ant-design/icons'
import type { Fen, PriceRuleDetail } from '@zhanggui/contract'
import { Button, Checkbox, Segmented, Space } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { Money, MoneyInput } from '../../kit/money.tsx'
import { ProductPicker } from '../products/product-picker.tsx'
import {
  isBySku,
  itemOf,
  type RuleGoods,
  type RuleItem,
  sheetText,
  wholeProduct,
  withSheet,
  withSku,
} from './rule-form.ts'
import { SheetDialog } from './sheet-dialog.tsx'

/** With more products than this, those that are by SKU are folded: each that is not asks for its SKUs. */
const MOST_UNFOLDED = 10

interface FieldProps {
  value?: RuleGoods[]
  onChange?: (goods: RuleGoods[]) => void
  /** What the rule is over as it is stored: can be copied into a spreadsheet. */
  stored?: PriceRuleDetail['items']
}

/** The products that a rule is over, each as a whole or SKU by SKU, with prices of their own where there are any. */
export function GoodsField({ value = [], onChange, stored = [] }: FieldProps) {
  const { done, failed } = useFeedback()
  const [isPasting, setPasting] = useState(false)
  const columns = (['code', 'product', 'sku', 'own'] as const).map((name) => t(`price.column.${name}`))
  const copy = () =>
    navigator.clipboard.writeText(sheetText(columns, stored)).then(() => done(t('price.sheetCopied')), failed)
  const put = (goods: RuleGoods) => onChange?.(value.map((each) => (each.id === goods.id ? goods : each)))
  return (
    <div className="stack-s">
      {value.map((each) => (
        <GoodsRow
          key={each.id}
          goods={each}
          folded={value.length > MOST_UNFOLDED}
          onItems={(items) => put({ ...each, items })}
          onRemove={() => onChange?.(value.filter(({ id }) => id !== each.id))}
        />
      ))}
      <ProductPicker
        taken={value.map(({ id }) => id)}
        onPick={({ id, title }) => onChange?.([...value, wholeProduct(id, title)])}
      />
      <Space wrap>
        <Button icon={<TableOutlined />} onClick={() => setPasting(true)}>
          {t('price.sheet')}
        </Button>
        {stored.length > 0 && (
          <Button icon={<CopyOutlined />} onClick={() => void copy()}>
            {t('price.sheetCopy')}
          </Button>
        )}
      </Space>
      {isPasting && (
        <SheetDialog onItems={(items) => onChange?.(withSheet(value, items))} onClose={() => setPasting(false)} />
      )}
    </div>
  )
}

interface RowProps {
  goods: RuleGoods
  /** Does not show its SKUs until asked to. */
  folded: boolean
  onItems: (items: RuleItem[]) => void
  onRemove: () => void
}

function GoodsRow({ goods, folded, onItems, onRemove }: RowProps) {
  const [isChosen, setChosen] = useState(false)
  const [isUnfolded, setUnfolded] = useState(!folded)
  const isOpen = isChosen || isBySku(goods.items)
  const whole = goods.items.find(({ skuId }) => skuId === null)
  const choose = (bySku: boolean) => {
    setChosen(bySku)
    setUnfolded(true)
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
      {isOpen && isUnfolded && <SkuItems goods={goods} onItems={onItems} />}
      {isOpen && !isUnfolded && (
        <Button type="link" size="small" onClick={() => setUnfolded(true)}>
          {t('price.unfold', { count: goods.items.length })}
        </Button>
      )}
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
