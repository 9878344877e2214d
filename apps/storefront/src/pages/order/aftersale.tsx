import { Fragment, type JSX } from '@hooks'
import { Link, Tag, Text } from '@kit'
import { CASE_STATES, CASE_TYPES, caseTagKind } from '@model/aftersale.ts'
import type { AftersaleRow, Order } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'

const CAN: ReadonlySet<Order['state']> = new Set(['awaiting-shipment', 'shipped', 'completed'])

/** Whether its lines can be asked back one by one; a single thing that has not left is asked back with its order. */
export const mayApply = ({ state, itemCount }: Order): boolean =>
  CAN.has(state) && !(state === 'awaiting-shipment' && itemCount === 1)

/** The way to asking for money or other goods for one line. */
export const ApplyLink = ({ order, line }: { order: Order; line: number }): JSX.Element => (
  <Link
    className="zg-button zg-button-plain zg-button-small"
    to="aftersale-apply"
    params={{ order: order.id, line: String(line) }}
    testId="apply-aftersale"
  >
    {order.state === 'awaiting-shipment' ? '退款' : '退换/售后'}
  </Link>
)

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
