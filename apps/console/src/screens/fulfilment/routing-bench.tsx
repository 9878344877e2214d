import { CHANNELS, NO_BUYER_LEVEL, type RoutingRule } from '@zhanggui/contract'
import { Alert, Button, Card, Input, InputNumber, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { api, errorText, type Output, useRead } from '../../kit/api.ts'
import { LabelledSwitch } from '../../kit/labelled-switch.tsx'
import { Traces } from './order-card.tsx'

const LAST = 50
/** An order that nobody has thought of yet. */
const NOTHING = {
  ...{ province: '', city: '', sku: '', quantity: 1, promotion: false },
  ...{ channel: 'mini', buyerLevel: NO_BUYER_LEVEL },
}

/** Tries the rules on the page: on an order that is thought of, on an earlier one, and on the last orders. */
export function RoutingBench({ rules }: { rules: RoutingRule[] }) {
  return (
    <>
      <Bench rules={rules} />
      <DryRun rules={rules} />
    </>
  )
}

function Bench({ rules }: { rules: RoutingRule[] }) {
  const { shopId, may } = useShop()
  const [by, setBy] = useState<'address' | 'order'>('address')
  const [orderNo, setOrderNo] = useState('')
  const [trial, setTrial] = useState(NOTHING)
  const levels = useRead('console.memberLevels', { params: { shopId } }, { enabled: may('catalog.read') })
  const [answer, setAnswer] = useState<Output<'console.tryRouting'>>()
  const [problem, setProblem] = useState<string>()
  const set = (more: Partial<typeof trial>) => setTrial((before) => ({ ...before, ...more }))
  const trialBody = async () => {
    const { items } = await api('console.stock', { params: { shopId }, query: { q: trial.sku, limit: 20 } })
    const found = items.find((each) => each.skuCode === trial.sku) ?? items[0]
    if (!found) throw new Error(t('routing.noSku', { code: trial.sku }))
    const { sku: _code, quantity, ...rest } = trial
    return { trial: { ...rest, lines: [{ skuId: found.skuId, quantity }] } }
  }
  const run = async () => {
    setProblem(undefined)
    try {
      const body = by === 'order' ? { orderNo } : await trialBody()
      setAnswer(await api('console.tryRouting', { params: { shopId }, body: { ...body, rules } }))
    } catch (error) {
      setAnswer(undefined)
      setProblem(errorText(error))
    }
  }
  return (
    <Card title={t('routing.bench')}>
      <div className="stack-s">
        <span className="soft">{t('routing.benchHint')}</span>
        <Segmented
          value={by}
          options={[
            { value: 'address', label: t('routing.byAddress') },
            { value: 'order', label: t('routing.byOrder') },
          ]}
          onChange={setBy}
        />
        {by === 'order' ? (
          <Input
            placeholder={t('routing.orderNo')}
            aria-label={t('routing.orderNo')}
            value={orderNo}
            onChange={(event) => setOrderNo(event.target.value)}
            onPressEnter={() => void run()}
          />
        ) : (
          <>
            <div className="pair close">
              <Input
                aria-label={t('routing.province')}
                placeholder={t('routing.province')}
                value={trial.province}
                onChange={(event) => set({ province: event.target.value })}
              />
              <Input
                aria-label={t('routing.city')}
                placeholder={t('routing.city')}
                value={trial.city}
                onChange={(event) => set({ city: event.target.value })}
              />
            </div>
            <div className="pair close">
              <Input
                aria-label={t('routing.sku')}
                placeholder={t('routing.sku')}
                value={trial.sku}
                onChange={(event) => set({ sku: event.target.value })}
              />
              <InputNumber
                aria-label={t('routing.quantity')}
                min={1}
                max={9999}
                precision={0}
                value={trial.quantity}
                onChange={(quantity) => set({ quantity: quantity ?? 1 })}
              />
            </div>
            <div className="pair">
              <Select
                aria-label={t('routing.channel')}
                value={trial.channel}
                options={Object.entries(CHANNELS).map(([value, label]) => ({ value, label: say(label) }))}
                onChange={(channel) => set({ channel })}
              />
              <Select
                aria-label={t('routing.level')}
                value={trial.buyerLevel}
                options={[
                  { value: NO_BUYER_LEVEL, label: t('routing.noLevel') },
                  ...(levels.data?.items ?? []).map(({ name }) => ({ value: name, label: name })),
                ]}
                onChange={(buyerLevel) => set({ buyerLevel })}
              />
            </div>
            <LabelledSwitch
              text={t('routing.promotion')}
              checked={trial.promotion}
              onChange={(promotion) => set({ promotion })}
            />
          </>
        )}
        <Button type="primary" onClick={() => void run()}>
          {t('routing.try')}
        </Button>
        {problem && <Alert type="error" showIcon title={problem} />}
        {answer && (
          <div className="stack-s" data-testid="routing-answer">
            {answer.short && <Alert type="warning" showIcon title={t('routing.short', { reason: answer.short })} />}
            <ul className="plain strong">
              {answer.decision.sentences.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            <Traces rules={answer.decision.rules} />
          </div>
        )}
      </div>
    </Card>
  )
}

function DryRun({ rules }: { rules: RoutingRule[] }) {
  const { shopId } = useShop()
  const [answer, setAnswer] = useState<Output<'console.dryRunRouting'>>()
  const [problem, setProblem] = useState<string>()
  const run = async () => {
    setProblem(undefined)
    try {
      setAnswer(await api('console.dryRunRouting', { params: { shopId }, body: { rules, last: LAST } }))
    } catch (error) {
      setProblem(errorText(error))
    }
  }
  return (
    <Card title={t('routing.dryRun')}>
      <div className="stack-s">
        <span className="soft">{t('routing.dryRunHint')}</span>
        <Button onClick={() => void run()}>{t('routing.dryRunGo', { count: LAST })}</Button>
        {problem && <Alert type="error" showIcon title={problem} />}
        {answer && (
          <>
            <span className="strong">
              {answer.changed.length === 0
                ? t('routing.dryRunNone', { count: answer.looked })
                : t('routing.dryRunSome', { looked: answer.looked, changed: answer.changed.length })}
            </span>
            <ul className="plain stack-xs">
              {answer.changed.slice(0, 20).map((order) => (
                <li key={order.orderId}>
                  <span className="num">{order.orderNo}</span> <span className="faint">{order.region}</span>
                  {order.changes.map((each) => (
                    <div key={each.what} className="soft">{`${each.what}：${each.before} → ${each.after}`}</div>
                  ))}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Card>
  )
}
