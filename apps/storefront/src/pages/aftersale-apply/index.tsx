import { type JSX, useEffect, useRef, useState } from '@hooks'
import { Button, Empty, Input, Link, NavBar, Screen, Text, TextArea, View } from '@kit'
import { CASE_STATES, CASE_TYPES } from '@model/aftersale.ts'
import { timeText } from '@model/texts.ts'
import { fenOf } from '@model/yuan.ts'
import { askToNotify, newKey, redirect, toast } from '@platform'
import type { AftersaleOptions, AftersaleQuote, AftersaleType } from '@zhanggui/contract'
import { formatMoney, formatYuan } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { MediaPicker } from '../../parts/media-picker.tsx'
import { SumRow } from '../../parts/order-line.tsx'
import { messageOf, useAct } from '../../parts/use-act.ts'
import { Choices, GoodsChoice } from './choices.tsx'
import { bodyOf, type Draft, EMPTY, mostOf, typesFor } from './draft.ts'

function ApplyView({ data, params }: ViewProps<'aftersale-apply', AftersaleOptions>): JSX.Element {
  const open = data.cases.filter(({ state }) => state !== 'done' && state !== 'closed')
  const isNothing = data.closedReason !== null || data.lines.every((line) => line.shipped + line.unshipped === 0)
  return (
    <View>
      <NavBar title="申请售后" back="orders" />
      <Screen className="zg-screen-narrow" hasBar={!isNothing}>
        {open.map((row) => (
          <Link key={row.id} className="zg-panel zg-row" to="aftersale" params={{ id: row.id }}>
            <Text>
              {CASE_TYPES[row.type].title}：{CASE_STATES[row.state]}
            </Text>
            <Text className="zg-small zg-muted">查看进度</Text>
          </Link>
        ))}
        {isNothing ? (
          <View className="zg-panel">
            <Empty
              icon="shield"
              title="现在不能申请售后"
              text={data.closedReason ?? '商品都已申请过售后，可在「退款/售后」查看进度'}
            />
          </View>
        ) : (
          <Form options={data} order={params.order} line={params.line} />
        )}
      </Screen>
    </View>
  )
}

function Form({
  options,
  order,
  line,
}: {
  options: AftersaleOptions
  order: string
  line: string | undefined
}): JSX.Element {
  const { api, shop } = useApp()
  const { isBusy, act } = useAct()
  const at = { shopId: shop.id, orderId: order }
  const [draft, setDraft] = useState<Draft>(() => first(options, line))
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }))
  const key = useRef('')
  const { quote, error } = useQuote(draft, at)
  const reason = options.reasons.find(({ code }) => code === draft.reasonCode)
  const isChosen = Object.values(draft.quantities).some((quantity) => quantity > 0)
  const asked = draft.amount === '' ? undefined : fenOf(draft.amount)
  const isTooMuch =
    quote !== undefined && draft.amount !== '' && (asked === undefined || asked > quote.ceilingFen || asked <= 0)
  const send = () =>
    act(async () => {
      await askToNotify(['aftersale', 'refund-done'])
      key.current ||= newKey()
      const made = await api('aftersale.apply', { params: at, idempotencyKey: key.current, body: bodyOf(draft, asked) })
      toast(made.state === 'refunding' ? '已同意，款项原路退回' : '已提交，等待商家处理', 'good')
      redirect('aftersale', { id: made.id })
    })
  return (
    <View>
      <GoodsChoice options={options} draft={draft} onChange={change} />
      <Choices options={options} draft={draft} onChange={change} />
      {quote !== undefined && draft.type !== 'exchange' && (
        <View className="zg-panel" role="region" label="退款金额" testId="quote">
          {quote.explanation.map((row) => (
            <SumRow key={row.label} name={row.label}>
              {row.fen === null ? '' : formatMoney(row.fen)}
            </SumRow>
          ))}
          <SumRow name="最多可退" isStrong>
            {formatMoney(quote.ceilingFen)}
          </SumRow>
          {draft.type === 'refund' && isAmountFree(options, draft) && (
            <Input
              label="申请金额（元）"
              value={draft.amount}
              onInput={(amount) => change({ amount })}
              placeholder={formatYuan(quote.ceilingFen)}
              {...(isTooMuch ? { error: `请输入 0.01 到 ${formatYuan(quote.ceilingFen)} 的金额` } : {})}
              testId="amount"
            />
          )}
          {quote.freightBy !== 'nobody' && (
            <Text as="p" className="zg-small zg-muted">
              寄回运费{quote.freightBy === 'merchant' ? '由商家承担（可选到付）' : '由买家承担'}
            </Text>
          )}
        </View>
      )}
      {error !== undefined && (
        <Text as="p" className="zg-small zg-muted" testId="quote-error">
          {error}
        </Text>
      )}
      <View className="zg-panel">
        <TextArea
          label="补充说明"
          value={draft.note}
          onInput={(note) => change({ note })}
          maxLength={300}
          rows={3}
          placeholder="说清楚问题，处理得更快"
          testId="note"
        />
        <MediaPicker
          upload="aftersale.upload"
          pictures={draft.pictures}
          onPictures={(pictures) => change({ pictures })}
          video={{ file: draft.video, onChange: (video) => change({ video }) }}
        />
        {reason?.evidence && (
          <Text as="p" className="zg-small zg-muted">
            「{reason.label}」需要上传照片或视频
          </Text>
        )}
      </View>
      {options.until !== null && (
        <Text as="p" className="zg-small zg-muted">
          售后有效期到 {timeText(options.until)}
        </Text>
      )}
      <View className="zg-actions">
        <View className="zg-actions-inner">
          <Button
            isBlock
            size="large"
            isBusy={isBusy}
            isDisabled={!isChosen || draft.reasonCode === '' || quote === undefined || isTooMuch}
            testId="apply"
            onTap={send}
          >
            {!isChosen ? '请选择商品' : draft.reasonCode === '' ? '请选择原因' : '提交申请'}
          </Button>
        </View>
      </View>
    </View>
  )
}

/** Units that have not left are given back whole: there is nothing to agree on. */
const isAmountFree = (options: AftersaleOptions, draft: Draft): boolean =>
  options.lines.some(({ line, shipped }) => shipped > 0 && (draft.quantities[line] ?? 0) > 0)

function first(options: AftersaleOptions, wanted: string | undefined): Draft {
  const can = options.lines.filter((line) => line.shipped + line.unshipped > 0)
  const chosen = can.find(({ line }) => String(line) === wanted) ?? (can.length === 1 ? can[0] : undefined)
  if (chosen === undefined) return EMPTY
  const type: AftersaleType = typesFor(options, { [chosen.line]: 1 })[0]!
  return { ...EMPTY, type, quantities: { [chosen.line]: Math.min(1, mostOf(chosen, type)) || 1 } }
}

/** What can come back for the draft, asked anew a moment after it has changed; the last answer counts. */
function useQuote(draft: Draft, at: { shopId: string; orderId: string }) {
  const { api } = useApp()
  const [quote, setQuote] = useState<AftersaleQuote | undefined>(undefined)
  const [error, setError] = useState<string | undefined>(undefined)
  const { note: _note, pictures: _pictures, video: _video, amount: _amount, ...asked } = draft
  const wish = JSON.stringify(asked)
  useEffect(() => {
    let isLast = true
    const { type, reasonCode, lines } = bodyOf(draft, undefined)
    if (reasonCode === '' || lines.length === 0) {
      setQuote(undefined)
      return
    }
    const timer = setTimeout(() => {
      api('aftersale.quote', { params: at, body: { type, reasonCode, lines } }).then(
        (found) => {
          if (!isLast) return
          setQuote(found)
          setError(undefined)
        },
        (failed: unknown) => {
          if (!isLast) return
          setQuote(undefined)
          setError(messageOf(failed))
        },
      )
    }, 150)
    return () => {
      isLast = false
      clearTimeout(timer)
    }
  }, [wish])
  return { quote, error }
}

export default definePage<'aftersale-apply', AftersaleOptions>({
  name: 'aftersale-apply',
  access: 'buyer',
  load: ({ api, shop, params }) => api('aftersale.options', { params: { shopId: shop.id, orderId: params.order } }),
  head: () => ({ title: '申请售后' }),
  View: ApplyView,
})
