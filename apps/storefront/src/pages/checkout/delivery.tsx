import { type JSX, useEffect, useState } from '@hooks'
import { Icon, Input, Sheet, Tag, Tap, Text, View } from '@kit'
import { promiseText } from '@model/delivery.ts'
import { locate } from '@platform'
import type { BuyerAddress, DeliveryMethod, DeliveryOption, GeoPoint, PickUpPoint } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { useAct } from '../../parts/use-act.ts'

const NAMES: Record<DeliveryMethod, string> = { courier: '快递配送', 'same-city': '同城配送', 'pick-up': '到店自提' }

export interface Delivery {
  options: DeliveryOption[]
  points: PickUpPoint[]
  method: DeliveryMethod
  point: PickUpPoint | undefined
  choose: (method: DeliveryMethod) => void
  choosePoint: (id: string) => void
  /** Where the buyer says the goods shall go, for fees by distance; of this address only. */
  spot: GeoPoint | undefined
  findSpot: () => Promise<void>
}

/** The ways these goods can go to this address, and the one that is chosen: one that is open, by courier if it can. */
export function useDelivery(lines: { skuId: string; quantity: number }[], address: BuyerAddress | undefined): Delivery {
  const { api, shop } = useApp()
  const [offer, setOffer] = useState<{ options: DeliveryOption[]; points: PickUpPoint[] }>({ options: [], points: [] })
  const [wish, setWish] = useState<DeliveryMethod>('courier')
  const [pointId, setPointId] = useState<string | undefined>(undefined)
  const where = address && { province: address.province, city: address.city, district: address.district }
  const [told, setTold] = useState<{ addressId: string | undefined; spot: GeoPoint } | undefined>(undefined)
  const spot = told && told.addressId === address?.id ? told.spot : undefined
  const findSpot = async () => {
    const found = await locate()
    if (found) setTold({ addressId: address?.id, spot: found })
  }
  useEffect(() => {
    if (lines.length === 0) return
    let isCurrent = true
    api('store.deliveryOptions', {
      params: { shopId: shop.id },
      body: { lines, ...where, ...(spot ? { location: spot } : {}) },
    })
      .then((answer) => isCurrent && setOffer(answer))
      .catch(() => isCurrent && setOffer({ options: [], points: [] }))
    return () => {
      isCurrent = false
    }
  }, [JSON.stringify(lines), JSON.stringify(where), spot])
  const { options, points } = offer
  const open = options.filter((option) => option.available)
  const method = open.some((option) => option.method === wish) ? wish : (open[0]?.method ?? 'courier')
  const point = points.find(({ id }) => id === pointId) ?? points[0]
  return { options, points, method, point, choose: setWish, choosePoint: setPointId, spot, findSpot }
}

/** One tap for each way, with what it costs and when it arrives. Shown only where there is a choice. */
export function DeliveryChooser({ delivery }: { delivery: Delivery }): JSX.Element | null {
  const { serverNow } = useApp()
  const { options, method, choose } = delivery
  const { isBusy, act } = useAct()
  if (options.length === 0 || (options.length === 1 && options[0]!.method === 'courier')) return null
  const byDistance = options.some(({ needsPlace }) => needsPlace)
  return (
    <View className="zg-panel">
      <View className="zg-checkout-ways" role="radiogroup" label="配送方式" testId="delivery-ways">
        {options.map((option) => (
          <Tap
            key={option.method}
            className={`zg-checkout-way${option.method === method ? ' zg-checkout-way-chosen' : ''}`}
            role="radio"
            isChosen={option.method === method}
            isDisabled={!option.available}
            testId={`way-${option.method}`}
            onTap={() => choose(option.method)}
          >
            <Text className="zg-checkout-way-name">{NAMES[option.method]}</Text>
            <Text className="zg-small">
              {option.available ? (option.feeFen === 0 ? '免运费' : formatMoney(option.feeFen!)) : '不可选'}
            </Text>
            <Text className="zg-small zg-muted zg-checkout-way-note">
              {option.available ? promiseText(option, serverNow()) : option.reason}
            </Text>
          </Tap>
        ))}
      </View>
      {(byDistance || delivery.spot !== undefined) && (
        <Tap
          className="zg-checkout-spot zg-small"
          testId="find-spot"
          isDisabled={isBusy}
          onTap={() => act(delivery.findSpot)}
        >
          <Icon name="pin" />
          <Text className="zg-grow">
            {delivery.spot ? '已按你选的位置计算同城配送费，点这里重选' : '附近的同城配送按距离收费：告诉我们收货位置'}
          </Text>
          <Icon name="chevron" />
        </Tap>
      )}
    </View>
  )
}

interface PickUpProps {
  delivery: Delivery
  name: string
  phone: string
  error: string | undefined
  onName: (name: string) => void
  onPhone: (phone: string) => void
}

/** Where it is fetched, and by whom. */
export function PickUpPanel({ delivery, name, phone, error, onName, onPhone }: PickUpProps): JSX.Element | null {
  const [isChoosing, setChoosing] = useState(false)
  const { point, points } = delivery
  if (!point) return null
  return (
    <View className="zg-panel" role="region" label="自提信息" testId="pick-up">
      <Tap className="zg-checkout-address zg-checkout-point" testId="choose-point" onTap={() => setChoosing(true)}>
        <Icon name="pin" />
        <PointLines point={point} />
        {points.length > 1 && <Icon name="chevron" />}
      </Tap>
      <View className="zg-form-pair">
        <Input label="提货人" value={name} onInput={onName} maxLength={30} testId="fetcher" autoComplete="name" />
        <Input
          label="手机号"
          kind="tel"
          value={phone}
          onInput={onPhone}
          maxLength={11}
          testId="fetcher-phone"
          autoComplete="tel"
        />
      </View>
      {error !== undefined && (
        <Text as="p" className="zg-field-error">
          {error}
        </Text>
      )}
      <Sheet
        isOpen={isChoosing && points.length > 1}
        onClose={() => setChoosing(false)}
        title="选择自提点"
        testId="point-sheet"
      >
        {points.map((each) => (
          <Tap
            key={each.id}
            className="zg-checkout-address"
            isChosen={each.id === point.id}
            onTap={() => {
              delivery.choosePoint(each.id)
              setChoosing(false)
            }}
          >
            <PointLines point={each} />
            {each.id === point.id && <Tag kind="good">已选</Tag>}
          </Tap>
        ))}
      </Sheet>
    </View>
  )
}

const PointLines = ({ point }: { point: PickUpPoint }): JSX.Element => (
  <View className="zg-grow">
    <Text as="strong">{point.name}</Text>
    <Text as="p" className="zg-small">
      {point.city}
      {point.district}
      {point.address}
    </Text>
    <Text as="p" className="zg-small zg-muted">
      营业 {point.opensAt}–{point.closesAt} · {point.phone}
      {point.distanceMeters !== null && ` · 距你 ${(point.distanceMeters / 1000).toFixed(1)} 公里`}
    </Text>
  </View>
)
