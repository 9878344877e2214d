import { CHANNELS, type Channel } from '@zhanggui/contract'
import { Form, Modal, Select } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { InstantInput } from '../../kit/instant-input.tsx'
import { BuyerPicker } from '../members/buyer-picker.tsx'
import { NowTable } from '../products/sections/prices.tsx'
import { PROVINCES } from '../settings/provinces.ts'

/** This buyer, in this province, through this channel, at this time, pays …, because … */
export function PriceTest({ productId, onClose }: { productId: string; onClose: () => void }) {
  const { shopId, may } = useShop()
  const [buyerId, setBuyer] = useState<string | null>(null)
  const [province, setProvince] = useState<string | null>(null)
  const [channel, setChannel] = useState<Channel>('mini')
  const [at, setAt] = useState<string | null>(null)
  const body = { buyerId, province, channel, ...(at === null ? {} : { at }) }
  const read = useRead('console.testPrice', { params: { shopId, productId }, body }, { keepPrevious: true })
  return (
    <Modal open title={t('price.test')} footer={null} width={760} onCancel={onClose}>
      <Form layout="vertical">
        <p className="soft">{t('price.testHint')}</p>
        <div className="pair">
          {may('orders.read') && (
            <Form.Item label={t('price.testBuyer')}>
              <BuyerPicker value={buyerId} onChange={setBuyer} placeholder={t('price.testAnybody')} />
            </Form.Item>
          )}
          <Form.Item label={t('price.testProvince')}>
            <Select
              allowClear
              showSearch
              value={province}
              placeholder={t('price.testNoProvince')}
              options={PROVINCES.flatMap(({ names }) => names).map((value) => ({ value, label: value }))}
              onChange={(next: string | undefined) => setProvince(next ?? null)}
            />
          </Form.Item>
        </div>
        <div className="pair">
          <Form.Item label={t('price.channels')}>
            <Select
              value={channel}
              options={(Object.keys(CHANNELS) as Channel[]).map((value) => ({ value, label: say(CHANNELS[value]) }))}
              onChange={setChannel}
            />
          </Form.Item>
          <Form.Item label={t('price.testAt')} extra={at === null ? t('price.testNow') : undefined}>
            <InstantInput value={at} onChange={setAt} />
          </Form.Item>
        </div>
      </Form>
      <Loaded query={read}>{({ skus }) => <NowTable skus={skus} />}</Loaded>
    </Modal>
  )
}
