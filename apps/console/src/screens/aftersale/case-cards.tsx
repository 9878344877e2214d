import { AFTERSALE_FAULTS, AFTERSALE_TYPES, type AftersaleEvidence, type MerchantAftersale } from '@zhanggui/contract'
import { Alert, Card, Descriptions, Tag } from 'antd'
import { Link } from 'react-router'
import { say, t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { Thumb } from '../../kit/picture.tsx'
import { PictureStrip } from '../../kit/picture-strip.tsx'
import { SmallTable } from '../../kit/small-table.tsx'
import { Timeline } from '../../kit/timeline.tsx'
import { leftOf } from '../exceptions/left-text.ts'
import { CaseLeft } from './columns.tsx'
import { nextText, type OnSilence } from './next-text.ts'

const THUMB_PX = 72

/** One case, as the shop and the platform read it. `orderTo` leads to the order where one may see it. */
export function CaseCards({
  row,
  orderTo,
  onSilence,
  isNarrow,
}: {
  row: MerchantAftersale
  orderTo?: string
  /** The shop's rule, for those who may read it. */
  onSilence?: OnSilence | undefined
  /** In a drawer: one column. */
  isNarrow?: boolean
}) {
  return (
    <div className={isNarrow ? 'stack-l' : 'editor'}>
      <div className="editor-main">
        {row.endedAt === null && <Alert type="info" showIcon title={<Next row={row} onSilence={onSilence} />} />}
        {row.toCountAt !== null && <Alert type="warning" showIcon title={t('aftersale.toCountHint')} />}
        {row.rejectReason !== '' && <Alert type="warning" showIcon title={row.rejectReason} />}
        <GoodsCard row={row} />
        <MoneyCard row={row} />
        <Parcels row={row} />
      </div>
      <div className="editor-side">
        <FactsCard row={row} orderTo={orderTo} />
        <Card title={t('aftersale.timeline')} data-testid="case-timeline">
          <Timeline
            label={t('aftersale.timeline')}
            entries={row.timeline.map((entry, at) => ({
              key: row.timeline.length - at,
              at: entry.at,
              who: entry.actor,
              what: (
                <>
                  {entry.kind === 'internal' && <Tag>{t('aftersale.internal')}</Tag>}
                  {entry.text}
                </>
              ),
              detail: <Files files={entry.files} />,
              tone: entry.kind === 'message' ? ('warn' as const) : ('plain' as const),
            }))}
          />
        </Card>
      </div>
    </div>
  )
}

/** What has to happen next, by when, and what the clock does otherwise. */
function Next({ row, onSilence }: { row: MerchantAftersale; onSilence: OnSilence | undefined }) {
  const left = row.dueAt === null ? undefined : leftOf(row.dueAt, Date.now())
  const text = left && !left.isOver ? nextText(row, left.text, onSilence) : undefined
  return (
    text ?? (
      <>
        {row.hint} · <CaseLeft row={row} />
      </>
    )
  )
}

const GoodsCard = ({ row }: { row: MerchantAftersale }) => (
  <Card title={t('aftersale.goods')} data-testid="case-goods">
    <div className="stack-l">
      {row.lines.map((line) => (
        <span className="cell-media" key={line.line}>
          <Thumb picture={line.picture} />
          <span className="cell-text">
            <span className="cell-title">
              {line.title} {line.options} ×{line.quantity}
            </span>
            {line.exchangeOptions !== null && (
              <span>{t('aftersale.exchangeTo', { options: line.exchangeOptions || t('aftersale.sameAgain') })}</span>
            )}
            {line.restocked + line.scrapped > 0 && (
              <span className="faint">
                {t('aftersale.stocked', { restocked: line.restocked, scrapped: line.scrapped })}
              </span>
            )}
          </span>
        </span>
      ))}
      {row.note !== '' && (
        <div>
          <span className="faint">{t('aftersale.buyerSays')}：</span>
          {row.note}
        </div>
      )}
      <Files files={row.evidence} />
    </div>
  </Card>
)

/** Where the amount comes from, and how far it may go. */
function MoneyCard({ row }: { row: MerchantAftersale }) {
  if (row.type === 'exchange' && row.amountFen === 0) return null
  const sums: { label: string; fen: number | null; strong?: boolean }[] = [
    { label: t('aftersale.orderPaid'), fen: row.order.paidFen },
    ...row.money.explanation,
    { label: t('aftersale.orderBack'), fen: row.order.backFen },
    { label: t('aftersale.ceiling'), fen: row.money.ceilingFen, strong: true },
    { label: t('aftersale.asked'), fen: row.amountFen, strong: true },
    ...(row.refundedFen > 0 ? [{ label: t('aftersale.refunded'), fen: row.refundedFen }] : []),
  ]
  return (
    <Card title={t('aftersale.money')} data-testid="case-money">
      <SmallTable
        rows={sums}
        rowKey={({ label }) => label}
        columns={[
          {
            title: t('aftersale.item'),
            render: ({ label, strong }) => <span className={strong ? 'strong' : ''}>{label}</span>,
          },
          {
            ...{ title: t('aftersale.amount'), align: 'right' as const },
            render: ({ fen, strong }) => (fen === null ? null : <Money fen={fen} strong={strong ?? false} />),
          },
        ]}
      />
    </Card>
  )
}

function Parcels({ row }: { row: MerchantAftersale }) {
  const parcels = [
    { title: t('aftersale.returnParcel'), parcel: row.returnParcel },
    { title: t('aftersale.resendParcel'), parcel: row.resendParcel },
  ]
  return parcels.map(
    ({ title, parcel }) =>
      parcel && (
        <Card key={title} title={title}>
          <div className="stack-s">
            <span className="num">
              {parcel.carrierName} {parcel.trackingNo} · <InstantText at={parcel.at} />
            </span>
            {parcel.track?.events.slice(0, 5).map((event) => (
              <span key={`${event.at}${event.text}`}>
                {event.text}{' '}
                <span className="faint small">
                  <InstantText at={event.at} />
                </span>
              </span>
            ))}
          </div>
        </Card>
      ),
  )
}

function FactsCard({ row, orderTo }: { row: MerchantAftersale; orderTo: string | undefined }) {
  const { returnAddress: to } = row
  const items = [
    { key: 'type', label: t('aftersale.type'), children: say(AFTERSALE_TYPES[row.type]) },
    {
      ...{ key: 'reason', label: t('aftersale.reason') },
      children: (
        <span>
          {row.reason} {row.quality && <Tag color="red">{t('aftersale.quality')}</Tag>}
        </span>
      ),
    },
    { key: 'fault', label: t('aftersale.fault'), children: say(AFTERSALE_FAULTS[row.fault]) },
    { key: 'freight', label: t('aftersale.freightBy'), children: t(`aftersale.freightBy.${row.freightBy}`) },
    { key: 'buyer', label: t('aftersale.buyer'), children: row.buyerNickname },
    {
      ...{ key: 'order', label: t('aftersale.order') },
      children: (
        <span className="num">
          {orderTo ? <Link to={orderTo}>{row.orderNo}</Link> : row.orderNo} · {row.order.state}
        </span>
      ),
    },
    { key: 'shop', label: t('aftersale.shop'), children: row.shopName },
    ...(to
      ? [
          {
            ...{ key: 'address', label: t('aftersale.address') },
            children: `${to.name} ${to.phone} ${to.province}${to.city}${to.district}${to.street}${to.detail}`,
          },
        ]
      : []),
  ]
  return (
    <Card>
      <Descriptions column={1} size="small" items={items} />
    </Card>
  )
}

const Files = ({ files }: { files: readonly AftersaleEvidence[] }) =>
  files.length > 0 && <PictureStrip files={files} alt={t('aftersale.evidence')} size={THUMB_PX} />
