import { CHANNELS, type Channel, type PriceRuleDetail, ROUTES } from '@zhanggui/contract'
import { Form, Input, InputNumber, Segmented, Select } from 'antd'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantInput } from '../../kit/instant-input.tsx'
import { MoneyInput } from '../../kit/money.tsx'
import { PROVINCES } from '../settings/provinces.ts'
import { emptyRule, type RuleValues, ruleInput, ruleValues } from './rule-form.ts'
import { GoodsField } from './rule-goods.tsx'
import { RulePreview } from './rule-preview.tsx'

interface Props {
  rule: PriceRuleDetail | undefined
  goods?: RuleValues['goods']
  onClose: () => void
}

const KINDS = ['scheduled', 'member', 'region', 'channel'] as const
const METHODS = ['percent', 'minus', 'fixed'] as const
const ROUNDINGS = ['fen', 'jiao', 'yuan', 'nine'] as const

/** A price rule with a living preview of what it does. */
export function RuleDialog({ rule, goods = [], onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const stale = ['console.priceRules', 'console.productPrices', 'console.priceRule'] as const
  const create = useWrite('console.createPriceRule', stale)
  const update = useWrite('console.updatePriceRule', stale)
  return (
    <FormDialog
      title={rule ? t('price.edit', { label: rule.label }) : t('price.create')}
      width={760}
      schema={ROUTES['console.createPriceRule'].body}
      initial={rule ? ruleValues(rule) : emptyRule(goods)}
      toInput={ruleInput}
      submit={(body) =>
        rule
          ? update.mutateAsync({ params: { shopId, ruleId: rule.id }, body: { ...body, version: rule.version } })
          : create.mutateAsync({ params: { shopId }, body })
      }
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <Form.Item name="kind" label={t('price.kind')} extra={t('price.kindHint')}>
        <Segmented block options={KINDS.map((value) => ({ value, label: t(`price.kind.${value}`) }))} />
      </Form.Item>
      <div className="pair">
        <Form.Item name="label" label={t('price.label')}>
          <Input maxLength={20} placeholder={t('price.labelHint')} autoFocus />
        </Form.Item>
        <Form.Item name="method" label={t('price.method')}>
          <Segmented block options={METHODS.map((value) => ({ value, label: t(`price.method.${value}`) }))} />
        </Form.Item>
      </div>
      <AmountFields />
      <ConditionFields />
      <Form.Item name="goods" label={t('price.goods')} extra={t('price.goodsHint')}>
        <GoodsField stored={rule?.items ?? []} />
      </Form.Item>
      <RulePreview rule={rule} />
    </FormDialog>
  )
}

function AmountFields() {
  const method = Form.useWatch('method') as RuleValues['method'] | undefined
  return (
    <div className="pair">
      {method === 'percent' ? (
        <Form.Item name="percent" label={t('price.percent')} extra={t('price.percentHint')}>
          <InputNumber className="wide" min={1} max={300} precision={2} />
        </Form.Item>
      ) : (
        <Form.Item name="amountFen" label={t('price.amount')}>
          <MoneyInput />
        </Form.Item>
      )}
      {method !== 'fixed' && (
        <Form.Item name="rounding" label={t('price.rounding')}>
          <Select options={ROUNDINGS.map((value) => ({ value, label: t(`price.rounding.${value}`) }))} />
        </Form.Item>
      )}
    </div>
  )
}

function ConditionFields() {
  const { shopId } = useShop()
  const levels = useRead('console.memberLevels', { params: { shopId } })
  const provinces = PROVINCES.map((group) => ({
    label: group.region,
    title: group.region,
    options: group.names.map((value) => ({ value, label: value })),
  }))
  return (
    <>
      <div className="pair">
        <Form.Item name="startsAt" label={t('price.startsAt')}>
          <InstantInput />
        </Form.Item>
        <Form.Item name="endsAt" label={t('price.endsAt')}>
          <InstantInput />
        </Form.Item>
      </div>
      <div className="pair">
        <Form.Item name="levelIds" label={t('price.levels')}>
          <Select
            mode="multiple"
            allowClear
            placeholder={t('price.levelsAll')}
            options={(levels.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
        <Form.Item name="channels" label={t('price.channels')}>
          <Select
            mode="multiple"
            allowClear
            placeholder={t('price.channelsAll')}
            options={(Object.keys(CHANNELS) as Channel[]).map((value) => ({ value, label: say(CHANNELS[value]) }))}
          />
        </Form.Item>
      </div>
      <div className="pair">
        <Form.Item name="provinces" label={t('price.provinces')}>
          <Select
            mode="multiple"
            allowClear
            placeholder={t('price.provincesAll')}
            options={provinces}
            maxTagCount="responsive"
          />
        </Form.Item>
        <Form.Item name="warmUpHours" label={t('price.warmUp')} extra={t('price.warmUpHint')}>
          <InputNumber className="wide" min={0} max={720} precision={0} />
        </Form.Item>
      </div>
    </>
  )
}
