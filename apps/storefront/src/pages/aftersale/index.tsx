import { type JSX, useEffect, useState } from '@hooks'
import { Icon, Image, Link, NavBar, Screen, Tap, Text, Video, View } from '@kit'
import { CASE_STATES, CASE_TYPES } from '@model/aftersale.ts'
import { timeText } from '@model/texts.ts'
import { TRACK_TEXTS } from '@model/trade-texts.ts'
import { copy, toast, useOnPullDown } from '@platform'
import type { Aftersale, AftersaleEvidence } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { definePage, type ViewProps } from '../../page.ts'
import { CaseGoods } from '../../parts/case-goods.tsx'
import { SumRow } from '../../parts/order-line.tsx'
import { CaseActions } from './actions.tsx'

const FREIGHT_BY = { merchant: '商家承担（可选到付）', buyer: '买家承担', nobody: '' }

function AftersaleView({ data, reload }: ViewProps<'aftersale', Aftersale>): JSX.Element {
  const [row, setRow] = useState(data)
  useEffect(() => setRow(data), [data])
  useOnPullDown(reload)
  return (
    <View>
      <NavBar title="售后详情" back="aftersales" />
      <Screen className="zg-screen-narrow" hasBar={row.actions.length > 0}>
        <View className="zg-case-head" role="status" testId="case-state">
          <Text as="h2" className="zg-case-title">
            {CASE_STATES[row.state]}
          </Text>
          <Text as="p" className="zg-small">
            {row.hint}
          </Text>
          {row.dueAt !== null && (
            <Text as="p" className="zg-small zg-muted" testId="case-due">
              截止 {timeText(row.dueAt)}
            </Text>
          )}
        </View>
        {row.rejectReason !== '' && (
          <View className="zg-panel" testId="reject-reason">
            <Text className="zg-small zg-muted">商家说明</Text>
            <Text as="p">{row.rejectReason}</Text>
          </View>
        )}
        {row.returnAddress && row.state === 'returning' && <ReturnTo address={row.returnAddress} />}
        <Parcel title="退货物流" parcel={row.returnParcel} />
        <Parcel title="换货物流" parcel={row.resendParcel} />
        <View className="zg-panel" role="region" label="售后商品">
          <CaseGoods lines={row.lines} />
          <SumRow name="售后类型">{CASE_TYPES[row.type].title}</SumRow>
          <SumRow name="原因">{row.reason}</SumRow>
          {row.type !== 'exchange' && (
            <SumRow name="退款金额" note={row.freightFen > 0 ? `含运费 ${formatMoney(row.freightFen)}` : ''} isStrong>
              {formatMoney(row.amountFen)}
            </SumRow>
          )}
          {row.refundedFen > 0 && row.refundedFen < row.amountFen && (
            <SumRow name="已到账">{formatMoney(row.refundedFen)}</SumRow>
          )}
          {row.freightBy !== 'nobody' && <SumRow name="寄回运费">{FREIGHT_BY[row.freightBy]}</SumRow>}
          {row.note !== '' && (
            <View className="zg-case-note">
              <Text className="zg-small zg-muted">补充说明</Text>
              <Text as="p">{row.note}</Text>
            </View>
          )}
          <Files files={row.evidence} />
        </View>
        <View className="zg-panel zg-small">
          <View className="zg-row">
            <Text className="zg-muted">售后单号</Text>
            <Text testId="case-no">{row.caseNo}</Text>
          </View>
          <View className="zg-row">
            <Text className="zg-muted">订单编号</Text>
            <Link to="order" params={{ order: row.orderId }}>
              {row.orderNo}
            </Link>
          </View>
        </View>
        <Progress row={row} />
      </Screen>
      <CaseActions row={row} onChanged={setRow} />
    </View>
  )
}

function ReturnTo({ address }: { address: NonNullable<Aftersale['returnAddress']> }): JSX.Element {
  const place = `${address.province}${address.city}${address.district}${address.street}${address.detail}`
  const all = `${address.name} ${address.phone} ${place}`
  return (
    <View className="zg-panel zg-address" role="region" label="退货地址" testId="return-address">
      <Icon name="pin" />
      <View className="zg-grow">
        <Text as="strong">
          {address.name} {address.phone}
        </Text>
        <Text as="p" className="zg-small">
          {place}
        </Text>
      </View>
      <Tap label="复制退货地址" onTap={() => void copy(all).then(() => toast('已复制', 'good'))}>
        复制
      </Tap>
    </View>
  )
}

function Parcel({ title, parcel }: { title: string; parcel: Aftersale['returnParcel'] }): JSX.Element | null {
  if (parcel === null) return null
  const last = parcel.track?.events[0]
  return (
    <View className="zg-panel zg-address" role="region" label={title}>
      <Icon name="truck" />
      <View className="zg-grow">
        <Text>
          {title}：{parcel.carrierName} {parcel.trackingNo}
        </Text>
        <Text as="p" className="zg-small zg-muted">
          {last
            ? `${TRACK_TEXTS[parcel.track!.state]} · ${last.text} · ${timeText(last.at)}`
            : `${timeText(parcel.at)} 寄出`}
        </Text>
      </View>
    </View>
  )
}

function Files({ files }: { files: readonly AftersaleEvidence[] }): JSX.Element | null {
  if (files.length === 0) return null
  return (
    <View className="zg-case-files">
      {files.map(({ fileId, url, kind }) => {
        const file = { fileId, url, width: null, height: null }
        return (
          <View className="zg-case-file" key={fileId}>
            {kind === 'image' ? (
              <Image picture={file} alt="凭证" sizes="72px" />
            ) : (
              <Video video={file} poster={null} label="凭证视频" />
            )}
          </View>
        )
      })}
    </View>
  )
}

const Progress = ({ row }: { row: Aftersale }): JSX.Element => (
  <View className="zg-panel" role="region" label="售后进度" testId="case-timeline">
    <Text as="h2" className="zg-panel-title">
      售后进度
    </Text>
    {row.timeline.map((entry, at) => (
      <View
        className={`zg-case-step ${at === 0 ? 'zg-case-step-first' : ''}`}
        key={`${entry.at}:${row.timeline.length - at}`}
      >
        {entry.kind === 'message' ? (
          <View className="zg-case-message">
            <Text>
              {entry.actor}：{entry.text}
            </Text>
          </View>
        ) : (
          <Text>{entry.text}</Text>
        )}
        <Files files={entry.files} />
        <Text as="p" className="zg-small zg-muted">
          {timeText(entry.at)}
        </Text>
      </View>
    ))}
  </View>
)

export default definePage<'aftersale', Aftersale>({
  name: 'aftersale',
  access: 'buyer',
  load: ({ api, shop, params }) => api('aftersale.get', { params: { shopId: shop.id, caseId: params.id } }),
  head: () => ({ title: '售后详情' }),
  View: AftersaleView,
})
