import { ScanOutlined } from '@ant-design/icons'
import type { PickUpOrder } from '@zhanggui/contract'
import { Alert, Button, Card, Descriptions, Input, Result } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Thumb } from '../../kit/picture.tsx'
import { DeliveryStateTag, LOCAL_STALE } from './local-orders.tsx'
import { canScan, codeIn, Scanner } from './scanner.tsx'

/** For staff at the point, phone in hand: scan or type the code, see the goods, hand them over. */
export default function PickUpPage() {
  const { shopId } = useShop()
  const { failed, warn } = useFeedback()
  const [search, setSearch] = useSearchParams()
  const [code, setCode] = useState(codeIn(search.get('code') ?? '') ?? '')
  const [order, setOrder] = useState<PickUpOrder>()
  const [isScanning, setScanning] = useState(false)
  const [isDone, setDone] = useState(false)
  const find = useWrite('console.findPickUp', [])
  const give = useWrite('console.handOver', LOCAL_STALE)
  const look = (digits: string) => {
    setDone(false)
    find.mutateAsync({ params: { shopId }, body: { code: digits } }).then(setOrder, (error) => {
      setOrder(undefined)
      failed(error)
    })
  }
  const first = useRef(code)
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked up once, when the page is opened
  useEffect(() => {
    // Opened by scanning the buyer's code with any scanner.
    if (first.current !== '') look(first.current)
  }, [])
  const next = () => {
    setSearch({}, { replace: true })
    setCode('')
    setOrder(undefined)
    setDone(false)
  }
  const handOver = () =>
    give.mutateAsync({ params: { shopId }, body: { code } }).then((given) => {
      setOrder(given)
      setDone(true)
    }, failed)
  if (isDone && order)
    return (
      <Page title={t('nav.pickUp')} narrow>
        <Result
          status="success"
          title={t('pickUp.done')}
          subTitle={`${order.orderNo} · ${order.receiver}`}
          extra={
            <Button type="primary" size="large" onClick={next}>
              {t('pickUp.next')}
            </Button>
          }
        />
      </Page>
    )
  return (
    <Page title={t('nav.pickUp')} hint={t('pickUp.hint')} narrow>
      <div className="stack-l">
        <Card size="small">
          <Input.Search
            size="large"
            aria-label={t('pickUp.code')}
            placeholder={t('pickUp.code')}
            inputMode="numeric"
            autoComplete="off"
            autoFocus
            maxLength={9}
            className="num"
            enterButton={t('pickUp.find')}
            loading={find.isPending}
            value={code}
            onChange={(event) => setCode(event.target.value)}
            onSearch={(text) => {
              const digits = codeIn(text)
              if (digits) look(digits)
              else warn(t('pickUp.notACode'))
            }}
          />
          {canScan() && !isScanning && (
            <Button
              block
              size="large"
              icon={<ScanOutlined />}
              className="pick-up-scan"
              onClick={() => setScanning(true)}
            >
              {t('pickUp.scan')}
            </Button>
          )}
          {isScanning && (
            <Scanner
              onCode={(digits) => {
                setScanning(false)
                setCode(digits)
                look(digits)
              }}
              onClose={() => setScanning(false)}
            />
          )}
        </Card>
        {order && <Found order={order} isBusy={give.isPending} handOver={() => void handOver()} />}
      </div>
    </Page>
  )
}

function Found({ order, isBusy, handOver }: { order: PickUpOrder; isBusy: boolean; handOver: () => void }) {
  return (
    <Card title={`${order.orderNo}`} extra={<DeliveryStateTag state={order.state} />} data-testid="pick-up-order">
      <div className="stack-l">
        {order.problem && <Alert type="warning" showIcon title={order.problem} />}
        <Descriptions
          column={1}
          size="small"
          items={[
            { key: 'who', label: t('pickUp.receiver'), children: `${order.receiver} ${order.receiverPhone}` },
            { key: 'point', label: t('local.point'), children: order.pointName },
            { key: 'paid', label: t('order.paidAt'), children: <InstantText at={order.paidAt} /> },
            ...(order.buyerNote ? [{ key: 'note', label: t('exception.note'), children: order.buyerNote }] : []),
          ]}
        />
        <div className="stack-s">
          <span className="strong">{t('pickUp.goods')}</span>
          {order.lines.map((line) => (
            <span className="cell-media" key={line.skuId}>
              <Thumb picture={line.picture} size={56} />
              <span className="cell-text">
                <span className="cell-title">{line.title}</span>
                <span className="faint">{line.options}</span>
              </span>
              <span className="spring" />
              <span className="strong num">×{line.quantity}</span>
            </span>
          ))}
        </div>
        <Button type="primary" size="large" block disabled={order.problem !== null} loading={isBusy} onClick={handOver}>
          {t('pickUp.handOver')}
        </Button>
      </div>
    </Card>
  )
}
