import { type JSX, useState } from '@hooks'
import { Button, Input, Tap, Text, TextArea, View } from '@kit'
import { toast } from '@platform'
import type { Invoice, InvoiceOffer, InvoiceTitle, InvoiceType, InvoiceWish } from '@zhanggui/contract'
import { isCreditCode, MOST_TITLE, parseInvoiceTitle } from '@zhanggui/contract/invoice-head'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { useAct } from '../../parts/use-act.ts'

type Draft = InvoiceTitle & { type: InvoiceType }

const PERSON: Draft = { kind: 'person', type: 'ordinary', title: '个人', taxNo: '' }
const clean = (taxNo: string): string => taxNo.replace(/\s/g, '').toUpperCase()

function troubles({ kind, title, taxNo }: Draft): { title?: string; taxNo?: string } {
  const least = kind === 'company' ? 2 : 1
  return {
    ...(title.trim().length < least ? { title: kind === 'company' ? '请填企业全称' : '请填抬头' } : {}),
    ...(kind === 'company' && !isCreditCode(clean(taxNo)) ? { taxNo: taxTrouble(taxNo) } : {}),
  }
}

const taxTrouble = (taxNo: string): string =>
  clean(taxNo).length === 18 ? '税号不对，请核对每一位' : `应是 18 位统一社会信用代码，现在 ${clean(taxNo).length} 位`

/** "2027-11-28" as it is written here. */
const dayText = (day: string): string => day.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日')

const toWish = ({ kind, type, title, taxNo }: Draft): InvoiceWish =>
  kind === 'company'
    ? { kind, type, title: title.trim(), taxNo: clean(taxNo) }
    : { kind, type: 'ordinary', title: title.trim() }

interface Props {
  at: { shopId: string; orderId: string }
  offer: InvoiceOffer
  /** What is asked for already and may be changed. */
  asked: Invoice | undefined
  onAsked: () => Promise<void>
}

/** The head of the invoice: typed, pasted, or one that was used before. (PAY-06) */
export function InvoiceForm({ at, offer, asked, onAsked }: Props): JSX.Element {
  const { api } = useApp()
  const { isBusy, act } = useAct()
  const [draft, setDraft] = useState<Draft>(asked ?? { ...PERSON, ...offer.titles[0], type: 'ordinary' })
  const [isTried, setTried] = useState(false)
  const wrong = troubles(draft)
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const choose = (kind: Draft['kind']) =>
    setDraft(kind === 'person' ? PERSON : { ...draft, kind, title: draft.kind === 'person' ? '' : draft.title })
  const send = () => {
    setTried(true)
    if (wrong.title !== undefined || wrong.taxNo !== undefined) return
    act(async () => {
      await api('invoices.ask', { params: at, body: toWish(draft) })
      toast(asked ? '已修改' : '已提交申请', 'good')
      await onAsked()
    })
  }
  const shown = (trouble: string | undefined) => (isTried && trouble !== undefined ? { error: trouble } : {})
  return (
    <View className="zg-panel zg-invoice">
      <View className="zg-row">
        <Text className="zg-muted">开票金额</Text>
        <Text as="strong">{formatMoney(offer.amountFen)}</Text>
      </View>
      <Chips
        label="抬头类型"
        value={draft.kind}
        choices={[
          ['person', '个人'],
          ['company', '企业'],
        ]}
        onChange={choose}
      />
      {draft.kind === 'company' && offer.maySpecial && (
        <Chips
          label="发票类型"
          value={draft.type}
          choices={[
            ['ordinary', '普通发票'],
            ['special', '专用发票'],
          ]}
          onChange={(type) => change({ type })}
        />
      )}
      <Input
        label={draft.kind === 'company' ? '企业名称' : '抬头'}
        value={draft.title}
        onInput={(title) => change({ title })}
        maxLength={MOST_TITLE}
        testId="title"
        {...shown(wrong.title)}
      />
      {draft.kind === 'company' && (
        <View className="zg-invoice">
          <Input
            label="税号"
            value={draft.taxNo}
            onInput={(taxNo) => change({ taxNo })}
            maxLength={24}
            placeholder="18 位统一社会信用代码"
            testId="tax-no"
            {...shown(wrong.taxNo)}
          />
          <Paste onParsed={(head) => change({ ...head, kind: 'company' })} />
        </View>
      )}
      <Before titles={offer.titles} draft={draft} onChoose={(title) => setDraft({ ...draft, ...title })} />
      <Button kind="primary" size="large" isBlock isBusy={isBusy} onTap={send} testId="ask">
        {asked ? '保存修改' : '申请发票'}
      </Button>
      {offer.note !== '' && (
        <Text as="p" className="zg-small zg-muted">
          {offer.note}
        </Text>
      )}
      {offer.until !== null && (
        <Text as="p" className="zg-small zg-muted">
          请在 {dayText(offer.until)} 前申请
        </Text>
      )}
    </View>
  )
}

function Chips<T extends string>(props: {
  label: string
  value: T
  choices: readonly (readonly [T, string])[]
  onChange: (value: T) => void
}): JSX.Element {
  return (
    <View className="zg-invoice-chips" role="radiogroup" label={props.label}>
      {props.choices.map(([value, text]) => (
        <Tap
          key={value}
          role="radio"
          className={value === props.value ? 'zg-chip zg-chip-on' : 'zg-chip'}
          isChosen={value === props.value}
          onTap={() => props.onChange(value)}
          testId={`choose-${value}`}
        >
          {text}
        </Tap>
      ))}
    </View>
  )
}

/** What a colleague from the books sent, taken apart. */
function Paste({ onParsed }: { onParsed: (head: { title: string; taxNo: string }) => void }): JSX.Element {
  const [text, setText] = useState('')
  const read = (value: string) => {
    setText(value)
    const head = parseInvoiceTitle(value)
    if (head.taxNo === '' || head.title === '') return
    onParsed(head)
    setText('')
    toast('已填好名称和税号', 'good')
  }
  return (
    <TextArea
      label="粘贴开票信息"
      isLabelHidden
      value={text}
      onInput={read}
      rows={2}
      maxLength={300}
      placeholder="粘贴开票信息，自动识别名称和税号"
      testId="paste"
    />
  )
}

function Before(props: {
  titles: readonly InvoiceTitle[]
  draft: Draft
  onChoose: (title: InvoiceTitle) => void
}): JSX.Element | null {
  const others = props.titles.filter(({ title, taxNo }) => title !== props.draft.title || taxNo !== props.draft.taxNo)
  if (others.length === 0) return null
  return (
    <View className="zg-invoice-chips" role="group" label="用过的抬头">
      {others.map((title) => (
        <Tap
          key={title.title + title.taxNo}
          className="zg-chip"
          onTap={() => props.onChoose(title)}
          testId="used-title"
        >
          {title.title}
        </Tap>
      ))}
    </View>
  )
}
