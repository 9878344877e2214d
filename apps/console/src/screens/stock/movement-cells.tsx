import type { Movement } from '@zhanggui/contract'
import { Link } from 'react-router'

/** What moved: the goods, and the code of the SKU. */
export const MovedGoods = ({ of: { title, skuCode } }: { of: Pick<Movement, 'title' | 'skuCode'> }) => (
  <span className="cell-text">
    <span className="cell-title">{title}</span>
    <span className="faint">{skuCode}</span>
  </span>
)

/** How many, with the sign of the direction. */
export const MovedQuantity = ({ of: { quantity } }: { of: Pick<Movement, 'quantity'> }) => (
  <span className={quantity < 0 ? 'num red' : 'num green'}>{quantity > 0 ? `+${quantity}` : quantity}</span>
)

/** The order that it was for, else what was noted. */
export const MovedFor = ({ of, slug }: { of: Pick<Movement, 'orderId' | 'orderNo' | 'note'>; slug: string }) =>
  of.orderId && of.orderNo ? (
    <Link to={`/s/${slug}/orders/${of.orderId}`}>{of.orderNo}</Link>
  ) : (
    of.note || <span className="faint">—</span>
  )
