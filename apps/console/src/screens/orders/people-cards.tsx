import type { MerchantOrder } from '@zhanggui/contract'
import { Button, Card, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { api, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { Masked } from '../../kit/masked.tsx'
import { sourceText } from './source.tsx'

/**
 * Where the goods go; masked until somebody who may asks for it. Each asking is audited, so the answer is kept
 * here and not asked for again when the order is loaded anew.
 */
export function AddressCard({ order }: { order: MerchantOrder }) {
  const { shop, shopId, may } = useShop()
  const { failed } = useFeedback()
  const [revealed, setRevealed] = useState<MerchantOrder['address']>()
  const [revealing, setRevealing] = useState(false)
  const reveal = async () => {
    setRevealing(true)
    try {
      setRevealed(
        (await api('console.order', { params: { shopId, orderId: order.id }, query: { reveal: 'true' } })).address,
      )
    } catch (error) {
      failed(error)
    } finally {
      setRevealing(false)
    }
  }
  const { name, phone, province, city, district, street, detail } = revealed ?? order.address
  return (
    <Card title={t('order.address')}>
      <Masked
        shown={revealed !== undefined || order.personalDataShown}
        allowed={may('customers.personal-data')}
        loading={revealing}
        onReveal={() => void reveal()}
      >
        <span className="stack-xs">
          <span className="strong num">{`${name} ${phone}`}</span>
          <span>{[province, city, district, street, detail].filter(Boolean).join(' ')}</span>
        </span>
      </Masked>
      <dl className="facts">
        <div>
          <dt>{t('order.buyer')}</dt>
          <dd>
            {may('customers.read') ? (
              <Link to={`/s/${shop.slug}/buyers/${order.buyerId}`}>{order.buyerNickname}</Link>
            ) : (
              order.buyerNickname
            )}
          </dd>
        </div>
        <div>
          <dt>{t('order.source')}</dt>
          <dd>{sourceText(order.source)}</dd>
        </div>
        {order.buyerNote !== '' && (
          <div>
            <dt>{t('order.buyerNote')}</dt>
            <dd>{order.buyerNote}</dd>
          </div>
        )}
      </dl>
    </Card>
  )
}

/** A note that only staff see. */
export function NoteCard({ order }: { order: MerchantOrder }) {
  const { shopId, may } = useShop()
  const { done, failed } = useFeedback()
  const [note, setNote] = useState(order.merchantNote)
  const write = useWrite('console.noteOrder', ['console.order'])
  const save = () =>
    write.mutate(
      { params: { shopId, orderId: order.id }, body: { note } },
      { onSuccess: () => done(t('action.saved')), onError: failed },
    )
  return (
    <Card title={t('order.note')}>
      <Input.TextArea
        aria-label={t('order.note')}
        value={note}
        maxLength={500}
        autoSize={{ minRows: 2, maxRows: 8 }}
        disabled={!may('orders.write')}
        placeholder={t('order.noteHint')}
        onChange={(event) => setNote(event.target.value)}
      />
      {note !== order.merchantNote && (
        <div className="row-end gap-top">
          <Button onClick={() => setNote(order.merchantNote)}>{t('action.cancel')}</Button>
          <Button type="primary" loading={write.isPending} onClick={save}>
            {t('action.save')}
          </Button>
        </div>
      )}
    </Card>
  )
}
