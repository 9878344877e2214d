import { type JSX, useEffect } from '@hooks'
import { ErrorNotice, Icon, Skeleton, Tag, Text, View } from '@kit'
import type { BuyerAddress, DeliveryChoice, Quote } from '@zhanggui/contract'
import type { Fen } from '@zhanggui/contract/money'
import { OrderNote } from '../../parts/checkout-parts.tsx'
import { QuoteView } from '../../parts/quote.tsx'
import { type Lines, problemOf, useQuote } from '../../parts/use-quote.ts'

/** What is bought of one shop. */
export interface Part {
  shopId: string
  shopName: string
  lines: Lines
}

/** The order that was placed with a shop. */
export interface Placed {
  shopId: string
  orderId: string
  totalFen: Fen
}

interface Props {
  part: Part
  address: BuyerAddress | undefined
  note: string
  /** Why its order was refused just now. */
  notice: string | undefined
  isPlaced: boolean
  onNote: (note: string) => void
  onQuote: (quote: Quote | undefined) => void
  onAsk: (ask: () => Promise<Quote | undefined>) => void
}

const BY_COURIER: DeliveryChoice = { method: 'courier' }

/** One shop's order, explained: goods, offers, freight, and what stands in its way. */
export function ShopPart({ part, address, note, notice, isPlaced, onNote, onQuote, onAsk }: Props): JSX.Element {
  const { quote, error, ask, moved } = useQuote(part.shopId, part.lines, address, BY_COURIER)
  useEffect(() => onQuote(quote), [quote])
  onAsk(ask)
  const problem = notice ?? (quote && problemOf(quote))
  return (
    <View role="region" label={part.shopName} testId="checkout-shop">
      <View className="zg-row zg-checkout-shop">
        <Text as="h2" className="zg-panel-title zg-grow">
          {part.shopName}
        </Text>
        {isPlaced && <Tag kind="good">已提交</Tag>}
      </View>
      {problem !== undefined && !isPlaced && (
        <View className="zg-note zg-checkout-notice" role="alert" testId="notice">
          <Icon name="warn" />
          <Text>{problem}</Text>
        </View>
      )}
      {moved !== undefined && (
        <View className="zg-note zg-checkout-notice" role="status">
          <Icon name="pin" />
          <Text>{moved}</Text>
        </View>
      )}
      {error !== undefined ? (
        <ErrorNotice message={error} onRetry={() => void ask()} />
      ) : quote ? (
        <QuoteView quote={quote} />
      ) : (
        <Skeleton count={2} />
      )}
      {!isPlaced && <OrderNote value={note} onInput={onNote} />}
    </View>
  )
}
