import { type Children, Fragment, type JSX } from '@hooks'
import { Image, Link, Price, Text, View } from '@kit'
import type { Picture } from '@zhanggui/contract'
import './parts.css'

export interface OrderLineProps {
  line: { productId: string; title: string; options: string; picture: Picture | null; quantity: number }
  unitFen: number
  /** Only look, no way to the product. */
  isPlain?: boolean
  /** What can be done with the line, beside its price. */
  action?: Children
  children?: Children
}

/** Goods of an order or a quote: picture, what exactly, price and quantity. */
export function OrderLine({ line, unitFen, isPlain, action, children }: OrderLineProps): JSX.Element {
  const words = (
    <Fragment>
      <Text className="zg-line-title">{line.title}</Text>
      {line.options !== '' && <Text className="zg-line-options">{line.options}</Text>}
    </Fragment>
  )
  const isLinked = !isPlain
  const to = { to: 'detail', params: { id: line.productId } } as const
  const picture = <Image picture={line.picture} alt="" sizes="80px" />
  return (
    <View className="zg-line">
      {isLinked ? (
        <Link className="zg-line-picture" label={line.title} {...to}>
          {picture}
        </Link>
      ) : (
        <View className="zg-line-picture">{picture}</View>
      )}
      <View className="zg-grow">
        {isLinked ? (
          <Link className="zg-line-words" {...to}>
            {words}
          </Link>
        ) : (
          words
        )}
        <View className="zg-row">
          <Price fen={unitFen} size="small" isMuted />
          <Text className={`zg-muted zg-small${action ? ' zg-grow' : ''}`}>× {line.quantity}</Text>
          {action}
        </View>
        {children}
      </View>
    </View>
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
