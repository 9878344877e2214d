import type { JSX } from '@hooks'
import { Check, Icon, Image, Link, Price, PriceLabel, Stepper, Tag, Tap, Text, View, WasPrice } from '@kit'
import { type CartLine, isBuyable, priceMove } from '@model/cart.ts'
import { soldInText } from '@model/texts.ts'
import { problemText } from '@model/trade-texts.ts'
import { formatMoney } from '@zhanggui/contract/money'

export interface CartRowProps {
  line: CartLine
  shopId: string
  onChange: (to: { quantity?: number; selected?: boolean }) => void
  onRemove: () => void
}

/** A line of the cart. Pulling it to the left shows the key to remove it. */
export function CartRow({ line, shopId, onChange, onRemove }: CartRowProps): JSX.Element {
  const name = `${line.title} ${line.options}`
  const canChange = line.problem !== 'off-sale' && line.problem !== 'sold-out'
  return (
    <View className="zg-cart-swipe" role="group" label={name} testId="cart-line">
      <View className="zg-cart-row">
        {isBuyable(line) ? (
          <Check isChecked={line.selected} onChange={(selected) => onChange({ selected })} label={`选择 ${name}`} />
        ) : (
          <View className="zg-cart-gap" />
        )}
        <Link className="zg-line-picture" to="detail" params={{ id: line.productId }} shop={shopId} label={name}>
          <Image picture={line.picture} alt="" sizes="80px" />
        </Link>
        <View className="zg-grow">
          <Text className={`zg-line-title ${canChange ? '' : 'zg-muted'}`}>{line.title}</Text>
          {line.options !== '' && <Text className="zg-line-options">{line.options}</Text>}
          <Notes line={line} />
          <View className="zg-row">
            <View className="zg-cart-price">
              <Price fen={line.priceFen} size="small" />
              <WasPrice tag={line.priceTag} fen={line.priceFen} listFen={null} />
              <PriceLabel tag={line.priceTag} />
            </View>
            {canChange && (
              <Stepper
                value={line.quantity}
                max={Math.max(line.available, 1)}
                onChange={(quantity) => onChange({ quantity })}
                label={`数量 ${name}`}
              />
            )}
          </View>
        </View>
      </View>
      <Tap className="zg-cart-remove" label={`删除 ${name}`} testId="remove" onTap={onRemove}>
        <Icon name="trash" />
      </Tap>
    </View>
  )
}

function Notes({ line }: { line: CartLine }): JSX.Element | null {
  const move = priceMove(line)
  if (line.problem === null && move === null && line.soldIn.length === 0) return null
  return (
    <View className="zg-cart-notes">
      {line.problem !== null && <Tag kind="warn">{problemText(line)}</Tag>}
      {line.soldIn.length > 0 && <Tag>{soldInText(line.soldIn)}</Tag>}
      {move !== null && (
        <Tag kind={move.isUp ? 'warn' : 'good'}>
          比加入时{move.isUp ? '涨' : '降'}了 {formatMoney(move.byFen)}
        </Tag>
      )}
    </View>
  )
}
