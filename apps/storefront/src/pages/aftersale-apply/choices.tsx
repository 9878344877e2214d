import type { JSX } from '@hooks'
import { Check, Select, Stepper, Tap, Text, View } from '@kit'
import { CASE_TYPES } from '@model/aftersale.ts'
import type { AftersaleOptions } from '@zhanggui/contract'
import { CaseLine } from '../../parts/case-goods.tsx'
import { type Draft, mostOf, reasonsFor, typesFor } from './draft.ts'

interface ChoiceProps {
  options: AftersaleOptions
  draft: Draft
  onChange: (part: Partial<Draft>) => void
}

/** Which goods, how many of each, and for an exchange what instead. */
export function GoodsChoice({ options, draft, onChange }: ChoiceProps): JSX.Element {
  const set = (line: number, quantity: number) => {
    const quantities = { ...draft.quantities, [line]: quantity }
    const types = typesFor(options, quantities)
    const type = types.includes(draft.type) ? draft.type : types[0]!
    onChange({ quantities, type, ...keptReason(options, { ...draft, quantities, type }) })
  }
  return (
    <View className="zg-panel" role="region" label="选择商品">
      {options.lines.map((line) => {
        const most = mostOf(line, draft.type) || line.shipped || line.unshipped
        const quantity = Math.min(draft.quantities[line.line] ?? 0, most)
        return (
          <View key={line.line} testId="aftersale-line">
            <View className="zg-row">
              <Check
                isChecked={quantity > 0}
                label={`选择 ${line.title}`}
                onChange={(is) => set(line.line, is && most > 0 ? 1 : 0)}
                testId="choose-line"
              />
              <View className="zg-grow">
                <CaseLine line={line}>
                  <Text className="zg-small zg-muted">{countText(line)}</Text>
                </CaseLine>
              </View>
              {quantity > 0 && most > 1 && (
                <Stepper
                  value={quantity}
                  max={most}
                  label={`${line.title} 数量`}
                  onChange={(to) => set(line.line, to)}
                />
              )}
            </View>
            {draft.type === 'exchange' && quantity > 0 && <Exchange line={line} draft={draft} onChange={onChange} />}
          </View>
        )
      })}
    </View>
  )
}

function countText({ shipped, unshipped }: { shipped: number; unshipped: number }): string {
  const parts = [unshipped > 0 ? `未发货 ${unshipped} 件` : '', shipped > 0 ? `可售后 ${shipped} 件` : '']
  return parts.filter(Boolean).join('，') || '已申请过售后'
}

function Exchange({
  line,
  draft,
  onChange,
}: Omit<ChoiceProps, 'options'> & { line: AftersaleOptions['lines'][number] }): JSX.Element {
  const named = line.exchanges.map((each) => ({
    ...each,
    name: `${each.options || '同款'}（${each.available > 0 ? '有货' : '缺货'}）`,
  }))
  const chosen = named.find(({ skuId }) => skuId === (draft.exchanges[line.line] ?? line.skuId))
  return (
    <Select
      label="换成"
      value={chosen?.name ?? ''}
      choices={named.map(({ name }) => name)}
      placeholder="请选择规格"
      onChange={(name) =>
        onChange({ exchanges: { ...draft.exchanges, [line.line]: named.find((each) => each.name === name)!.skuId } })
      }
      testId="exchange-to"
    />
  )
}

/** The kind of the case and its reason. */
export function Choices({ options, draft, onChange }: ChoiceProps): JSX.Element {
  const reasons = reasonsFor(options, draft)
  return (
    <View className="zg-panel">
      <View className="zg-case-types" role="radiogroup" label="售后类型">
        {typesFor(options, draft.quantities).map((type) => (
          <Tap
            key={type}
            role="radio"
            isChosen={draft.type === type}
            className={`zg-case-type ${draft.type === type ? 'zg-case-type-on' : ''}`}
            testId={`type-${type}`}
            onTap={() => onChange({ type, ...keptReason(options, { ...draft, type }) })}
          >
            <Text as="strong">{CASE_TYPES[type].title}</Text>
            <Text className="zg-small zg-muted">{CASE_TYPES[type].text}</Text>
          </Tap>
        ))}
      </View>
      <Text as="h2" className="zg-panel-title">
        原因
      </Text>
      <View className="zg-case-reasons" role="radiogroup" label="原因">
        {reasons.map(({ code, label }) => (
          <Tap
            key={code}
            role="radio"
            isChosen={draft.reasonCode === code}
            className={draft.reasonCode === code ? 'zg-chip zg-chip-on' : 'zg-chip'}
            testId={`reason-${code}`}
            onTap={() => onChange({ reasonCode: code })}
          >
            {label}
          </Tap>
        ))}
      </View>
    </View>
  )
}

/** A reason that does not fit other goods or another kind is taken off. */
function keptReason(options: AftersaleOptions, draft: Draft): { reasonCode: string } {
  const fits = reasonsFor(options, draft).some(({ code }) => code === draft.reasonCode)
  return { reasonCode: fits ? draft.reasonCode : '' }
}
