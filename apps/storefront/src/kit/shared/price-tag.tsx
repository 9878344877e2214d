import type { JSX } from '@hooks'
import { Text } from '@kit'
import { formatMoney } from '@zhanggui/contract/money'
import { Price } from './bits.tsx'

/** Of the contract's price tag, what the kit draws. */
export interface ShownTag {
  kind: 'base' | 'region' | 'channel' | 'member' | 'scheduled'
  label: string
  wasFen: number | null
  display: 'strike' | 'drop'
}

/** What the price is called when it is not simply the price: 会员价, 双11 … */
export const PriceLabel = ({ tag }: { tag: ShownTag | undefined }): JSX.Element | null =>
  tag === undefined || tag.kind === 'base' ? null : (
    <Text className={`zg-price-label zg-price-label-${tag.kind}`} testId="price-label">
      {tag.label}
    </Text>
  )

/** What it was: struck through, or by how much it went down, as the shop wants it. */
export function WasPrice({
  tag,
  fen,
  listFen,
}: {
  tag: ShownTag | undefined
  fen: number
  listFen: number | null
}): JSX.Element | null {
  const wasFen = tag?.wasFen ?? listFen
  if (wasFen === null || wasFen <= fen) return null
  if (tag?.display === 'drop')
    return (
      <Text className="zg-price-drop" testId="price-drop">
        直降 {formatMoney(wasFen - fen)}
      </Text>
    )
  return (
    <Text as="del" className="zg-muted" label="划线价" testId="price-was">
      <Price fen={wasFen} size="small" isMuted />
    </Text>
  )
}
