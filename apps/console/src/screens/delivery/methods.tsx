import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { type MerchantPickUpPoint, ROUTES, type SameCityArea } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { Button, Card, Form, Input, InputNumber, Select, Switch, Tag } from 'antd'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { locale, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { MoneyInput } from '../../kit/money.tsx'
import { Nothing } from '../../kit/nothing.tsx'

/** Where buyers fetch their orders, and where the shop delivers itself. */
export default function MethodsPage() {
  const { shop, shopId, may } = useShop()
  const { confirm } = useFeedback()
  const points = useRead('console.pickUpPoints', { params: { shopId } })
  const area = useRead('console.sameCity', { params: { shopId } })
  const settings = useRead('console.settings', { params: { shopId } })
  const remove = useWrite('console.removePickUpPoint', ['console.pickUpPoints'])
  const [editedPoint, setEditedPoint] = useState<MerchantPickUpPoint | 'new'>()
  const [isEditingArea, setEditingArea] = useState(false)
  const writable = may('settings.write')
  const isOn = (name: string) => settings.data?.items.find((item) => item.name === name)?.value === true
  const askRemove = (point: MerchantPickUpPoint) =>
    confirm({
      title: t('delivery.removePoint', { name: point.name }),
      okText: t('action.remove'),
      danger: true,
      run: () => remove.mutateAsync({ params: { shopId, pointId: point.id } }),
    })
  const mark = (name: string) => (
    <Tag color={isOn(name) ? 'green' : 'default'}>{isOn(name) ? t('delivery.on') : t('delivery.off')}</Tag>
  )
  return (
    <Page
      title={t('nav.delivery')}
      hint={
        <>
          <Link to={`/s/${shop.slug}/settings?group=delivery`}>{t('delivery.toSettings')}</Link>
          {t('delivery.hint')}
        </>
      }
    >
      <div className="stack-l">
        <Card
          title={
            <>
              {t('delivery.points')} {mark('delivery.pick-up')}
            </>
          }
          extra={
            writable && (
              <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditedPoint('new')}>
                {t('delivery.addPoint')}
              </Button>
            )
          }
        >
          <Loaded query={points} rows={3}>
            {({ items }) =>
              items.length === 0 ? (
                <Nothing title={t('delivery.noPoints')} hint={t('delivery.noPointsHint')} />
              ) : (
                <div className="stack-l">
                  {items.map((point) => (
                    <div key={point.id} className="cell-media" data-row={point.id}>
                      <span className="cell-text">
                        <span className="cell-title">
                          {point.name} {!point.active && <Tag>{t('delivery.closed')}</Tag>}
                          {point.waitingOrders > 0 && (
                            <Tag color="blue">{t('delivery.waiting', { count: point.waitingOrders })}</Tag>
                          )}
                        </span>
                        <span className="faint">
                          {`${point.city}${point.district}${point.address} · `}
                          <span className="nowrap">{point.phone}</span>
                          {' · '}
                          <span className="nowrap">{`${point.opensAt}–${point.closesAt}`}</span>
                        </span>
                      </span>
                      <span className="spring" />
                      {writable && (
                        <span className="row-actions">
                          <Button type="link" size="small" onClick={() => setEditedPoint(point)}>
                            {t('action.edit')}
                          </Button>
                          <Button type="link" size="small" danger onClick={() => askRemove(point)}>
                            {t('action.remove')}
                          </Button>
                        </span>
                      )}
                    </div>
                  ))}
                </div>
              )
            }
          </Loaded>
        </Card>
        <Card
          title={
            <>
              {t('delivery.area')} {mark('delivery.same-city')}
            </>
          }
          extra={writable && <Button onClick={() => setEditingArea(true)}>{t('delivery.editArea')}</Button>}
        >
          <Loaded query={area} rows={3}>
            {({ area: found }) =>
              found === null ? (
                <Nothing title={t('delivery.noArea')} hint={t('delivery.noAreaHint')} />
              ) : (
                <AreaText area={found} />
              )
            }
          </Loaded>
        </Card>
      </div>
      {editedPoint && (
        <PointDialog
          point={editedPoint === 'new' ? undefined : editedPoint}
          onClose={() => setEditedPoint(undefined)}
        />
      )}
      {isEditingArea && <AreaDialog area={area.data?.area ?? undefined} onClose={() => setEditingArea(false)} />}
    </Page>
  )
}

const AreaText = ({ area }: { area: SameCityArea }) => (
  <div className="stack-s">
    <span className="soft">{`${area.city} · ${area.opensAt}–${area.closesAt}`}</span>
    {area.zones.map((zone) => (
      <div key={zone.name}>
        <span className="strong">{zone.name}</span> {zoneText(zone)}{' '}
        <span className="faint">{zone.districts.join('、')}</span>
      </div>
    ))}
  </div>
)

/** What it costs there, from which amount on nothing, and how far it reaches where its name does not say so. */
const zoneText = ({ name, feeFen, freeFromFen, maxMeters }: SameCityArea['zones'][number]): string =>
  [
    t('delivery.zoneFee', { fee: formatMoney(feeFen) }),
    ...(freeFromFen === null ? [] : [t('delivery.zoneFree', { amount: formatMoney(freeFromFen) })]),
    ...(maxMeters === null || name.includes(t('delivery.kilometres'))
      ? []
      : [t('delivery.zoneWithin', { km: maxMeters / 1000 })]),
  ].join(locale() === 'en' ? ', ' : '，')

function useWarehouses() {
  const { shopId } = useShop()
  const read = useRead('console.warehouses', { params: { shopId } })
  return (read.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))
}

const LocationFields = () => (
  <div className="pair">
    <Form.Item name="latitude" label={t('delivery.latitude')}>
      <InputNumber className="wide" min={-90} max={90} step={0.0001} />
    </Form.Item>
    <Form.Item name="longitude" label={t('delivery.longitude')}>
      <InputNumber className="wide" min={-180} max={180} step={0.0001} />
    </Form.Item>
  </div>
)

const HourFields = () => (
  <div className="pair">
    <Form.Item name="opensAt" label={t('delivery.opensAt')}>
      <Input type="time" />
    </Form.Item>
    <Form.Item name="closesAt" label={t('delivery.closesAt')}>
      <Input type="time" />
    </Form.Item>
  </div>
)

interface Located {
  latitude: number | null
  longitude: number | null
}

/** Both numbers make a place; one alone makes none. */
function placed<V extends Located>({ latitude, longitude, ...rest }: V) {
  const both = typeof latitude === 'number' && typeof longitude === 'number'
  return { ...rest, location: both ? { latitude, longitude } : null }
}

/** Staff by name; whoever is already named stays in the list while another is looked for. */
function useStaff(isOn: boolean) {
  const { shopId } = useShop()
  const [q, search] = useState('')
  const known = useRef(new Map<string, string>())
  const read = useRead('console.staff', { params: { shopId }, query: { q, limit: 50 } }, { enabled: isOn })
  for (const { id, name } of read.data?.items ?? []) known.current.set(id, name)
  return { options: [...known.current].map(([value, label]) => ({ value, label })), search }
}

function PointDialog({ point, onClose }: { point: MerchantPickUpPoint | undefined; onClose: () => void }) {
  const { shopId, may } = useShop()
  const staff = useStaff(may('staff.read'))
  const { done } = useFeedback()
  const create = useWrite('console.createPickUpPoint', ['console.pickUpPoints'])
  const update = useWrite('console.updatePickUpPoint', ['console.pickUpPoints'])
  const warehouses = useWarehouses()
  const initial = {
    ...{ name: point?.name ?? '', province: point?.province ?? '', city: point?.city ?? '' },
    ...{ district: point?.district ?? '', address: point?.address ?? '', phone: point?.phone ?? '' },
    ...{ opensAt: point?.opensAt ?? '09:00', closesAt: point?.closesAt ?? '21:00', active: point?.active ?? true },
    warehouseId: point?.warehouseId ?? null,
    staffIds: point?.staffIds ?? [],
    latitude: point?.location?.latitude ?? null,
    longitude: point?.location?.longitude ?? null,
  }
  return (
    <FormDialog
      title={point ? t('delivery.editPoint') : t('delivery.addPoint')}
      width={640}
      schema={ROUTES['console.createPickUpPoint'].body}
      initial={initial}
      toInput={placed}
      submit={(body) =>
        point
          ? update.mutateAsync({ params: { shopId, pointId: point.id }, body: { ...body, version: point.version } })
          : create.mutateAsync({ params: { shopId }, body })
      }
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <div className="pair">
        <Form.Item name="name" label={t('delivery.name')}>
          <Input maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item name="phone" label={t('delivery.phone')}>
          <Input maxLength={20} />
        </Form.Item>
      </div>
      <div className="pair">
        <Form.Item name="province" label={t('delivery.province')}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="city" label={t('delivery.city')}>
          <Input maxLength={40} />
        </Form.Item>
      </div>
      <div className="pair">
        <Form.Item name="district" label={t('delivery.district')}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="address" label={t('delivery.address')}>
          <Input maxLength={120} />
        </Form.Item>
      </div>
      <HourFields />
      <LocationFields />
      {may('staff.read') && (
        <Form.Item name="staffIds" label={t('delivery.staff')} extra={t('delivery.staffHint')}>
          <Select
            mode="multiple"
            allowClear
            optionFilterProp="label"
            options={staff.options}
            placeholder={t('delivery.anyStaff')}
            onSearch={staff.search}
          />
        </Form.Item>
      )}
      <div className="pair">
        <Form.Item name="warehouseId" label={t('delivery.warehouse')}>
          <Select allowClear options={warehouses} placeholder={t('delivery.anyWarehouse')} />
        </Form.Item>
        <Form.Item name="active" label={t('delivery.active')} valuePropName="checked">
          <Switch />
        </Form.Item>
      </div>
    </FormDialog>
  )
}

const NEW_ZONE = {
  ...{ name: '', districts: [] as string[], maxMeters: null as number | null, feeFen: 0 },
  ...{ freeFromFen: null as number | null, minGoodsFen: 0, promiseMinutes: null as number | null },
}

function AreaDialog({ area, onClose }: { area: SameCityArea | undefined; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const save = useWrite('console.saveSameCity', ['console.sameCity'])
  const warehouses = useWarehouses()
  return (
    <FormDialog
      title={t('delivery.editArea')}
      width={720}
      schema={ROUTES['console.saveSameCity'].body}
      initial={{
        ...{ province: area?.province ?? '', city: area?.city ?? '', warehouseId: area?.warehouseId ?? null },
        ...{ opensAt: area?.opensAt ?? '09:00', closesAt: area?.closesAt ?? '21:00' },
        latitude: area?.location?.latitude ?? null,
        longitude: area?.location?.longitude ?? null,
        zones: (area?.zones ?? [NEW_ZONE]).map((zone) => ({ ...zone })),
      }}
      toInput={(values) => ({ ...placed(values), version: area?.version ?? 0 })}
      submit={(body) => save.mutateAsync({ params: { shopId }, body })}
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <div className="pair">
        <Form.Item name="province" label={t('delivery.province')}>
          <Input maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item name="city" label={t('delivery.city')}>
          <Input maxLength={40} />
        </Form.Item>
      </div>
      <HourFields />
      <LocationFields />
      <Form.Item name="warehouseId" label={t('delivery.warehouse')}>
        <Select allowClear options={warehouses} placeholder={t('delivery.anyWarehouse')} />
      </Form.Item>
      <div className="strong">{t('delivery.zones')}</div>
      <Form.List name="zones">
        {(fields, { add, remove }) => (
          <div className="stack-s">
            {fields.map((field) => (
              <Card key={field.key} size="small" className="freight-rule">
                <ZoneFields name={field.name} />
                {fields.length > 1 && (
                  <Button
                    className="freight-remove"
                    type="text"
                    icon={<DeleteOutlined />}
                    aria-label={t('delivery.removeZone', { number: field.name + 1 })}
                    onClick={() => remove(field.name)}
                  />
                )}
              </Card>
            ))}
            <Button type="dashed" block icon={<PlusOutlined />} onClick={() => add(NEW_ZONE)}>
              {t('delivery.addZone')}
            </Button>
          </div>
        )}
      </Form.List>
    </FormDialog>
  )
}

const ZoneFields = ({ name }: { name: number }) => (
  <>
    <div className="pair">
      <Form.Item name={[name, 'name']} label={t('delivery.name')}>
        <Input maxLength={30} />
      </Form.Item>
      <Form.Item name={[name, 'maxMeters']} label={t('delivery.maxMeters')}>
        <InputNumber className="wide" min={100} max={100_000} precision={0} />
      </Form.Item>
    </div>
    <Form.Item name={[name, 'districts']} label={t('delivery.districts')} extra={t('delivery.districtsHint')}>
      <Select mode="tags" tokenSeparators={['、', ',', ' ']} open={false} suffixIcon={null} />
    </Form.Item>
    <div className="freight-numbers">
      <Form.Item name={[name, 'feeFen']} label={t('delivery.fee')}>
        <MoneyInput />
      </Form.Item>
      <Form.Item name={[name, 'freeFromFen']} label={t('delivery.freeFrom')}>
        <MoneyInput placeholder={t('delivery.never')} />
      </Form.Item>
      <Form.Item name={[name, 'minGoodsFen']} label={t('delivery.minGoods')}>
        <MoneyInput />
      </Form.Item>
    </div>
  </>
)
