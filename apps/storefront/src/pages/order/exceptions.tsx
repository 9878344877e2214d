import { type JSX, useState } from '@hooks'
import { Button, Image, Sheet, Tap, Text, View } from '@kit'
import { nearTimeText } from '@model/texts.ts'
import { toast } from '@platform'
import type { BuyerAddress, BuyerChoice, BuyerException, Order } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { AddressBook } from '../../parts/address-book.tsx'
import { useAct } from '../../parts/use-act.ts'

export interface Troubles {
  items: BuyerException[]
  addressChange: 'possible' | 'asked' | 'closed'
}

const DONE: Record<BuyerChoice, string> = {
  substitute: '已换成替代商品',
  refund: '已申请退款',
  wait: '好的，到货后马上发出',
}

/** What went wrong with the order, and what can be chosen with one tap. */
export function TroubleCards({
  order,
  troubles,
  reload,
}: {
  order: Order
  troubles: Troubles
  reload: () => Promise<void>
}): JSX.Element {
  const { api, serverNow } = useApp()
  const { isBusy, act } = useAct()
  const choose = (exception: BuyerException, choice: BuyerChoice) =>
    act(async () => {
      const params = { shopId: order.shopId, orderId: order.id }
      await api('orders.answerException', { params, body: { exceptionId: exception.id, choice } })
      toast(DONE[choice], 'good')
      await reload()
    })
  return (
    <View>
      {troubles.items
        .filter((each) => each.state !== 'resolved' || each.kind === 'shortage')
        .map((each) => (
          <View
            key={each.id}
            className={`zg-panel${each.choices.length > 0 ? ' zg-order-ask' : ''}`}
            role="region"
            label={each.title}
            testId={`trouble-${each.kind}`}
          >
            <Text as="h2" className="zg-panel-title">
              {each.title}
            </Text>
            <Text as="p" className="zg-small">
              {each.text}
            </Text>
            {each.choices.length > 0 && each.substitute !== null && <Substitute exception={each} />}
            {each.choices.length > 0 && (
              <View className="zg-order-choices">
                {each.choices.map((choice) => (
                  <Button
                    key={choice}
                    kind={choice === each.choices[0] ? 'primary' : 'plain'}
                    isBusy={isBusy}
                    testId={`choose-${choice}`}
                    onTap={() => choose(each, choice)}
                  >
                    {choiceText(choice, each)}
                  </Button>
                ))}
              </View>
            )}
            {each.dueAt !== null && (
              <Text className="zg-small zg-muted">请在{nearTimeText(each.dueAt, serverNow())}前选择</Text>
            )}
          </View>
        ))}
    </View>
  )
}

function choiceText(choice: BuyerChoice, { refundFen, substitute }: BuyerException): string {
  if (choice === 'wait') return '等货'
  if (choice === 'refund') return refundFen === null ? '退款' : `退款 ${formatMoney(refundFen)}`
  return substitute && substitute.refundFen > 0 ? `换这件，退 ${formatMoney(substitute.refundFen)}` : '换这件'
}

const Substitute = ({ exception: { substitute } }: { exception: BuyerException }): JSX.Element | null =>
  substitute && (
    <View className="zg-line">
      <View className="zg-line-picture">
        <Image picture={substitute.picture} alt={substitute.title} sizes="80px" />
      </View>
      <View className="zg-grow">
        <Text className="zg-line-title">{substitute.title}</Text>
        <Text className="zg-line-options">{substitute.options}</Text>
        <Text className="zg-small">
          {formatMoney(substitute.unitPriceFen)} × {substitute.quantity}，不用补差价
        </Text>
      </View>
    </View>
  )

/** Another address for goods that have not left. */
export function AddressChange({
  order,
  troubles,
  reload,
}: {
  order: Order
  troubles: Troubles
  reload: () => Promise<void>
}): JSX.Element | null {
  const { api } = useApp()
  const { isBusy, act } = useAct()
  const [addresses, setAddresses] = useState<BuyerAddress[] | undefined>(undefined)
  if (troubles.addressChange !== 'possible') return null
  const begin = () => act(async () => setAddresses((await api('buyer.addresses')).items))
  const pick = ({ name, phone, province, city, district, street, detail }: BuyerAddress) =>
    act(async () => {
      const params = { shopId: order.shopId, orderId: order.id }
      const body = { address: { name, phone, province, city, district, street, detail } }
      const { addressChange } = await api('orders.changeAddress', { params, body })
      toast(addressChange === 'asked' ? '已提交，等待商家确认' : '收货地址已修改', 'good')
      setAddresses(undefined)
      await reload()
    })
  return (
    <View className="zg-order-change">
      <Tap className="zg-order-copy" isDisabled={isBusy} testId="change-address" onTap={begin}>
        修改地址
      </Tap>
      <Sheet
        isOpen={addresses !== undefined}
        onClose={() => setAddresses(undefined)}
        title="改到哪里"
        testId="change-address-sheet"
      >
        {addresses && <AddressBook addresses={addresses} onChange={setAddresses} onPick={pick} />}
      </Sheet>
    </View>
  )
}
