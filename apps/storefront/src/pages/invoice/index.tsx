import { Fragment, type JSX, useState } from '@hooks'
import { Button, Empty, Image, NavBar, Screen, Tag, Tap, Text, View } from '@kit'
import { timeText } from '@model/texts.ts'
import { confirm, copy, previewPictures, toast } from '@platform'
import type { Invoice, InvoiceOffer, InvoiceState } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import '../../parts/reviews.css'
import { useAct } from '../../parts/use-act.ts'
import { InvoiceForm } from './form.tsx'
import './invoice.css'

const STATES: Record<InvoiceState, { title: string; text: string }> = {
  asked: { title: '待开票', text: '商家开好后会出现在这里' },
  issued: { title: '已开票', text: '' },
  refused: { title: '未开票', text: '' },
  withdrawn: { title: '已撤回', text: '' },
  reversed: { title: '已红冲', text: '' },
}
const TAGS = { asked: 'warn', issued: 'good', refused: 'warn', withdrawn: 'plain', reversed: 'plain' } as const

function InvoiceView({
  data,
  reload,
}: ViewProps<'invoice', InvoiceOffer & { shopId: string; orderId: string }>): JSX.Element {
  const [isChanging, setChanging] = useState(false)
  const { shopId, orderId, ...offer } = data
  const at = { shopId, orderId }
  const asked = offer.invoices.find(({ state }) => state === 'asked')
  const isForm = isChanging ? asked !== undefined : offer.mayAsk
  const onAsked = async () => {
    await reload()
    setChanging(false)
  }
  return (
    <View>
      <NavBar title="发票" back="orders" />
      <Screen className="zg-screen-narrow">
        {isForm && <InvoiceForm at={at} offer={offer} asked={asked} onAsked={onAsked} />}
        {!isChanging &&
          offer.invoices.map((invoice) => (
            <InvoiceCard key={invoice.id} invoice={invoice}>
              {invoice.state === 'asked' && <AskedActions at={at} onChange={() => setChanging(true)} reload={reload} />}
            </InvoiceCard>
          ))}
        {!isForm && offer.invoices.length === 0 && <Empty icon="clock" title="现在不能申请发票" text={offer.reason} />}
      </Screen>
    </View>
  )
}

/** Before it is issued its head can be changed, and the wish taken back. */
function AskedActions(props: {
  at: { shopId: string; orderId: string }
  onChange: () => void
  reload: () => Promise<void>
}): JSX.Element {
  const { api } = useApp()
  const { isBusy, act } = useAct()
  const withdraw = () =>
    act(async () => {
      if (!(await confirm({ title: '撤回发票申请？', content: '之后还可以重新申请', confirmText: '撤回' }))) return
      await api('invoices.withdraw', { params: props.at })
      toast('已撤回', 'good')
      await props.reload()
    })
  return (
    <View className="zg-invoice-actions">
      <Button kind="plain" size="small" isBusy={isBusy} onTap={withdraw} testId="withdraw">
        撤回
      </Button>
      <Button kind="soft" size="small" onTap={props.onChange} testId="change">
        修改抬头
      </Button>
    </View>
  )
}

function InvoiceCard({ invoice, children }: { invoice: Invoice; children?: JSX.Element | false }): JSX.Element {
  const { state, number, link, pictures } = invoice
  const { title, text } = STATES[state]
  return (
    <View className="zg-panel zg-invoice" testId={`invoice-${state}`}>
      <View className="zg-row">
        <Text as="strong">{formatMoney(invoice.amountFen)}</Text>
        <Tag kind={TAGS[state]}>{title}</Tag>
      </View>
      <Fact name="抬头">{invoice.title}</Fact>
      {invoice.taxNo !== '' && <Fact name="税号">{invoice.taxNo}</Fact>}
      <Fact name="类型">{invoice.type === 'special' ? '电子专用发票' : '电子普通发票'}</Fact>
      {invoice.reason !== '' && <Fact name="原因">{invoice.reason}</Fact>}
      {number !== null && (
        <Fragment>
          <Fact name="发票号码">{number}</Fact>
          <Fact name="开票日期">{invoice.issuedOn}</Fact>
        </Fragment>
      )}
      {invoice.reversedBy !== null && <Fact name="红字发票">{invoice.reversedBy}</Fact>}
      {invoice.mustReverse && (
        <Text as="p" className="zg-small">
          订单有退款，商家会先红冲这张发票，之后可以按剩余金额重新申请
        </Text>
      )}
      {pictures.length > 0 && (
        <View className="zg-media">
          {pictures.map((picture, index) => (
            <Tap
              key={picture.fileId}
              className="zg-media-item"
              label={`查看发票图片 ${index + 1}`}
              onTap={() =>
                previewPictures(
                  pictures.map(({ url }) => url),
                  index,
                )
              }
            >
              <Image picture={picture} alt="发票" sizes="84px" />
            </Tap>
          ))}
        </View>
      )}
      {link !== null && (
        <Button
          kind="soft"
          size="small"
          onTap={() => void copy(link).then(() => toast('已复制，请在浏览器打开', 'good'))}
          testId="copy-link"
        >
          复制发票下载链接
        </Button>
      )}
      <Text as="p" className="zg-small zg-muted">
        {timeText(invoice.askedAt)} 申请{text === '' ? '' : `，${text}`}
      </Text>
      {children}
    </View>
  )
}

const Fact = ({ name, children }: { name: string; children: string | null }): JSX.Element => (
  <View className="zg-row zg-small">
    <Text className="zg-muted">{name}</Text>
    <Text className="zg-invoice-fact">{children}</Text>
  </View>
)

export default definePage<'invoice', InvoiceOffer & { shopId: string; orderId: string }>({
  name: 'invoice',
  access: 'buyer',
  load: async ({ api, shop, params }) => {
    const at = { shopId: shop.id, orderId: params.order }
    return { ...(await api('invoices.ofOrder', { params: at })), ...at }
  },
  head: () => ({ title: '发票' }),
  View: InvoiceView,
})
