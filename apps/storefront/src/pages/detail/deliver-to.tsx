import { Fragment, type JSX, useEffect, useState } from '@hooks'
import { Icon, Sheet, Text, View } from '@kit'
import { type DeliverTo as Answer, deliverTo } from '@model/deliver-to.ts'
import { soldInText } from '@model/texts.ts'
import { storage } from '@platform'
import type { StoreProduct, StoreSku } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { DivisionField, PROVINCE_KEY } from '../../parts/divisions.tsx'
import { ChoiceRow } from './choice-row.tsx'

interface DeliverToProps {
  product: StoreProduct
  sku: StoreSku | undefined
  isOpen: boolean
  onOpen: () => void
  onClose: () => void
}

/**
 * Whether the goods go to the buyer's province, at what price and freight, before the checkout: as the quote says it.
 * (CAT-10, UX-03)
 */
export function DeliverTo({ product, sku, isOpen, onOpen, onClose }: DeliverToProps): JSX.Element {
  const { api, shop } = useApp()
  const [province, setProvince] = useState(() => storage.get(PROVINCE_KEY) ?? product.usualProvince ?? '')
  const [answer, setAnswer] = useState<Answer | undefined>(undefined)
  const asked = sku ?? product.skus[0]
  useEffect(() => {
    setAnswer(undefined)
    if (province === '' || !asked) return
    let isOver = false
    api('store.quote', {
      params: { shopId: shop.id },
      body: { lines: [{ skuId: asked.id, quantity: 1 }], province },
    }).then(
      (quote) => !isOver && setAnswer(deliverTo(quote, asked.priceFen)),
      // the place stays, and the checkout says it
      () => undefined,
    )
    return () => {
      isOver = true
    }
  }, [province, asked?.id, asked?.priceFen])
  const choose = (name: string) => {
    storage.set(PROVINCE_KEY, name)
    setProvince(name)
  }
  const short = province === '' ? '选择地区，看运费和能否送到' : [province, answer?.text].filter(Boolean).join(' · ')
  return (
    <Fragment>
      <View className={answer?.canGo === false ? 'zg-detail-bad' : ''}>
        <ChoiceRow name="送至" text={short} testId="deliver-to" onTap={onOpen} />
      </View>
      <Sheet isOpen={isOpen} onClose={onClose} title="送到哪里" testId="deliver-to-sheet">
        <View className="zg-form">
          {product.soldIn && (
            <Text as="p" className="zg-muted">
              这件商品{soldInText(product.soldIn)}
            </Text>
          )}
          <DivisionField
            label="省份"
            above={{}}
            value={province}
            onChange={choose}
            placeholder="选择省份"
            testId="deliver-to-province"
            maxLength={20}
          />
          {answer && (
            <View className="zg-note" role="status" testId="deliver-to-answer">
              <Icon name={answer.canGo ? 'truck' : 'warn'} />
              <View className="zg-grow">
                <Text as="strong">
                  {answer.canGo ? '可以送到' : '不能送到'}
                  {province}
                </Text>
                {answer.notes.map((note) => (
                  <Text as="p" className="zg-small" key={note}>
                    {note}
                  </Text>
                ))}
              </View>
            </View>
          )}
        </View>
      </Sheet>
    </Fragment>
  )
}
