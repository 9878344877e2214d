import { Fragment, type JSX } from '@hooks'
import { Link, Tag, Text, View } from '@kit'
import { CASE_STATES, CASE_TYPES, caseTagKind } from '@model/aftersale.ts'
import type { AftersaleRow, Order } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'

const CAN: ReadonlySet<Order['state']> = new Set(['awaiting-shipment', 'shipped', 'completed'])

/** The way to asking for money or other goods for one line. */
export function ApplyLink({ order, line }: { order: Order; line: number }): JSX.Element | null {
  if (!CAN.has(order.state)) return null
  return (
    <View className="zg-panel-foot zg-order-apply">
      <Link
        className="zg-button zg-button-plain zg-button-small"
        to="aftersale-apply"
        params={{ order: order.id, line: String(line) }}
        testId="apply-aftersale"
      >
        {order.state === 'awaiting-shipment' ? '退款' : '退换/售后'}
      </Link>
    </View>
  )
}

/** What is asked for of the order, each with where it stands. */
export const CaseCards = ({ cases }: { cases: readonly AftersaleRow[] }): JSX.Element => (
  <Fragment>
    {cases.map((row) => (
      <Link
        key={row.id}
        className="zg-panel zg-row zg-order-case"
        to="aftersale"
        params={{ id: row.id }}
        testId="order-case"
      >
        <Text>
          {CASE_TYPES[row.type].title}
          {row.type !== 'exchange' && ` ${formatMoney(row.amountFen)}`}
        </Text>
        <Tag kind={caseTagKind(row)}>{CASE_STATES[row.state]}</Tag>
      </Link>
    ))}
  </Fragment>
)
