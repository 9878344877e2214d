import type { JSX } from '@hooks'
import { Button, Image, Price, PriceLabel, Sheet, Stepper, Tap, Text, View, WasPrice } from '@kit'
import { type Choice, choose, chosenSku, openOptions, priceRange, valueState } from '@model/skus.ts'
import { toast } from '@platform'
import type { StoreProduct } from '@zhanggui/contract'
import { RestockButton } from '../../parts/restock.tsx'

type Way = 'cart' | 'buy'

export interface SkuSheetProps {
  product: StoreProduct
  isOpen: boolean
  /** Which buttons the sheet ends in. */
  ways: Way[]
  choice: Choice
  quantity: number
  isBusy: boolean
  onChoice: (choice: Choice) => void
  onQuantity: (quantity: number) => void
  onClose: () => void
  onFinish: (way: Way) => void
}

const MOST = 9999
const FEW = 10

/**
 * Choosing exactly what to buy: picture, price and stock follow the choice; what does not exist cannot be tapped, what
 * is sold out can be waited for.
 */
export function SkuSheet(props: SkuSheetProps): JSX.Element {
  const { product, isOpen, ways, choice, quantity, isBusy, onChoice, onQuantity, onClose, onFinish } = props
  const sku = chosenSku(product, choice)
  const open = openOptions(product, choice)
  const { minFen, maxFen } = priceRange(product, choice)
  const { purchaseLimit = MOST } = product
  const most = Math.min(sku?.available ?? MOST, purchaseLimit)
  const pick = (option: number, value: string) => {
    const next = choose(choice, option, value)
    onChoice(next)
    const most = Math.min(chosenSku(product, next)?.available ?? MOST, purchaseLimit)
    if (quantity > most) onQuantity(Math.max(1, most))
  }
  const finish = (way: Way) => {
    if (!sku) return toast(`请选择${open.join('、')}`)
    if (sku.available < quantity) return toast(`库存不足，剩余 ${sku.available} 件`, 'bad')
    onFinish(way)
  }
  return (
    <Sheet
      isOpen={isOpen}
      onClose={onClose}
      title="选择规格"
      testId="sku-sheet"
      footer={
        sku?.available === 0 ? (
          <RestockButton key={sku.id} skuId={sku.id} productId={product.id} isBlock />
        ) : (
          ways.map((way) => (
            <Button
              key={way}
              kind={way === 'cart' && ways.length > 1 ? 'soft' : 'primary'}
              size="large"
              isBlock
              isBusy={isBusy && way === 'cart'}
              testId={`sku-${way}`}
              onTap={() => finish(way)}
            >
              {way === 'cart' ? '加入购物车' : '立即购买'}
            </Button>
          ))
        )
      }
    >
      <View className="zg-sku-head">
        <View className="zg-sku-picture">
          <Image picture={sku?.picture ?? product.picture} alt="" sizes="96px" />
        </View>
        <View>
          <Price fen={sku?.priceFen ?? minFen} size="large" isFrom={!sku && maxFen > minFen} testId="sku-price" />{' '}
          {sku && <WasPrice tag={sku.priceTag} fen={sku.priceFen} listFen={sku.listPriceFen} />}
          <PriceLabel tag={sku?.priceTag} />
          <View className="zg-muted zg-small">
            <Text testId="sku-stock">{sku ? stockText(sku.available) : `请选择${open.join('、')}`}</Text>
          </View>
        </View>
      </View>
      {product.options.map((option, index) => (
        <View key={option.name} role="radiogroup" label={option.name}>
          <Text className="zg-sku-option">{option.name}</Text>
          <View className="zg-sku-values">
            {option.values.map((value) => {
              const state = valueState(product, choice, index, value)
              const isChosen = choice[index] === value
              return (
                <Tap
                  key={value}
                  className={`zg-sku-value ${isChosen ? 'zg-sku-chosen' : ''} ${state === 'open' ? '' : `zg-sku-${state}`}`}
                  role="radio"
                  isChosen={isChosen}
                  isDisabled={state === 'impossible' && !isChosen}
                  label={state === 'gone' ? `${value}，缺货` : value}
                  onTap={() => pick(index, value)}
                >
                  <Text>{value}</Text>
                  {state === 'gone' && <Text className="zg-sku-mark">缺货</Text>}
                </Tap>
              )
            })}
          </View>
        </View>
      ))}
      <View className="zg-row zg-sku-quantity">
        <Text>数量{product.purchaseLimit !== undefined && `（每人限购 ${product.purchaseLimit} 件）`}</Text>
        <Stepper value={quantity} max={Math.max(1, most)} onChange={onQuantity} label="数量" />
      </View>
    </Sheet>
  )
}

function stockText(available: number): string {
  if (available === 0) return '暂时缺货'
  return available <= FEW ? `仅剩 ${available} 件` : `库存 ${available} 件`
}
