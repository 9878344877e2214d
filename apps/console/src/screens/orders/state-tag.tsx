import { ORDER_STATES, type OrderState } from '@zhanggui/contract'
import { Tag } from 'antd'
import { say } from '../../i18n/index.ts'

const COLOURS: Record<OrderState, string> = {
  'awaiting-payment': 'gold',
  'awaiting-shipment': 'orange',
  shipped: 'blue',
  completed: 'success',
  cancelled: 'default',
  refunding: 'magenta',
  refunded: 'default',
}

export function OrderStateTag({ state }: { state: OrderState }) {
  return (
    <Tag color={COLOURS[state]} data-testid="order-state" data-state={state}>
      {say(ORDER_STATES[state])}
    </Tag>
  )
}
