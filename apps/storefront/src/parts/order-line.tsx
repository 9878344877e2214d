import { type Children, Fragment, type JSX } from '@hooks'
import { Image, Link, Price, Text, View } from '@kit'
import type { Picture } from '@zhanggui/contract'
import './parts.css'

export interface OrderLineProps {
  line: { productId: string; title: string; options: string; picture: Picture | null; quantity: number }
  unitFen: number
  /** Only look, no way to the product. */
  isPlain?: boolean
  children?: Children
}

/** Goods of an order or a quote: picture, what exactly, price and quantity. */
export function OrderLine({ line, unitFen, isPlain, children }: OrderLineProps): JSX.Element {
  const body = (
    <Fragment>
      <View className="zg-line-picture">
        <Image picture={line.picture} alt="" sizes="80px" />
      </View>
      <View className="zg-grow">
        <Text className="zg-line-title">{line.title}</Text>
        {line.options !== '' && <Text className="zg-line-options">{line.options}</Text>}
        <View className="zg-row">
          <Price fen={unitFen} size="small" isMuted />
          <Text className="zg-muted zg-small">× {line.quantity}</Text>
        </View>
        {children}
      </View>
    </Fragment>
  )
  if (isPlain) return <View className="zg-line">{body}</View>
  return (
    <Link className="zg-line" to="detail" params={{ id: line.productId }}>
      {body}
    </Link>
  )
}

/** One line of a sum. */
export const SumRow = ({
  name,
  note,
  children,
  isStrong,
}: {
  name: string
  note?: string
  children: Children
  isStrong?: boolean
}): JSX.Element => (
  <View className={`zg-sum ${isStrong ? 'zg-sum-strong' : ''}`}>
    <View className="zg-grow">
      <Text>{name}</Text>
      {note !== undefined && note !== '' && <Text className="zg-sum-note">{note}</Text>}
    </View>
    <Text className="zg-sum-amount">{children}</Text>
  </View>
)
