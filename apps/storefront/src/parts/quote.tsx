import type { JSX } from '@hooks'
import { Tag, Text, View } from '@kit'
import { PAYERS, problemText } from '@model/trade-texts.ts'
import type { Quote } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { OrderLine, SumRow } from './order-line.tsx'

/** The quote, explained: every line, every offer with who pays for it, freight and why, and what did not apply. */
export function QuoteView({ quote }: { quote: Quote }): JSX.Element {
  return (
    <View>
      <View className="zg-panel" role="region" label="商品">
        {quote.lines.map((line) => (
          <OrderLine key={line.skuId} line={line} unitFen={line.unitPriceFen} isPlain>
            {line.priceNote !== undefined && line.priceNote !== '' && (
              <Text className="zg-small zg-checkout-why" testId="price-note">
                {line.priceNote}
              </Text>
            )}
            {line.problem !== null && <Tag kind="warn">{problemText(line)}</Tag>}
          </OrderLine>
        ))}
      </View>
      <View className="zg-panel" role="region" label="金额明细">
        <SumRow name="商品金额">{formatMoney(quote.goodsFen)}</SumRow>
        {quote.adjustments.map((adjustment) => (
          <SumRow
            key={`${adjustment.source}:${adjustment.line}`}
            name={adjustment.label}
            note={`${PAYERS[adjustment.payer]}承担`}
          >
            {formatMoney(adjustment.fen)}
          </SumRow>
        ))}
        <SumRow name="运费" note={quote.freightNote}>
          {quote.freightFen === 0 ? '免运费' : formatMoney(quote.freightFen)}
        </SumRow>
        <SumRow name="应付" isStrong>
          {formatMoney(quote.totalFen)}
        </SumRow>
        {quote.deliverable === false && (
          <View className="zg-note" role="alert">
            <Text>商家暂不配送到这个地址，请换一个地址</Text>
          </View>
        )}
        {quote.refusals.map(({ source, reason }) => (
          <Text as="p" className="zg-small zg-muted" key={source}>
            {reason}
          </Text>
        ))}
      </View>
    </View>
  )
}
