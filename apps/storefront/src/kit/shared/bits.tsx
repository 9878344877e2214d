import type { Children, JSX } from '@hooks'
import { Tap, Text, View } from '@kit'
import { formatYuan } from '@zhanggui/contract/money'
import type { IconName } from '../types.ts'

export const Icon = ({ name, className }: { name: IconName; className?: string }): JSX.Element => (
  <View className={`zg-icon zg-icon-${name} ${className ?? ''}`} />
)

export const Tag = ({
  children,
  kind = 'plain',
}: {
  children: Children
  kind?: 'plain' | 'good' | 'warn'
}): JSX.Element => <Text className={`zg-tag zg-tag-${kind}`}>{children}</Text>

export interface PriceProps {
  fen: number
  size?: 'small' | 'normal' | 'large'
  /** For a range of prices: says that this is the lowest. */
  isFrom?: boolean
  isMuted?: boolean
  testId?: string
}

/** An amount as prices are written here: a small sign, large yuan, small fen. */
export function Price({ fen, size = 'normal', isFrom, isMuted, testId }: PriceProps): JSX.Element {
  const [yuan, cents] = formatYuan(fen).split('.')
  return (
    <Text className={`zg-price zg-price-${size}${isMuted ? ' zg-price-muted' : ''}`} testId={testId}>
      <Text className="zg-price-sign">¥</Text>
      <Text>{yuan!.replace(/\B(?=(\d{3})+$)/g, ',')}</Text>
      <Text className="zg-price-cents">.{cents}</Text>
      {isFrom && <Text className="zg-price-from">起</Text>}
    </Text>
  )
}

export interface StepperProps {
  value: number
  max: number
  onChange: (value: number) => void
  label: string
}

/** A quantity with minus and plus; never below 1 and never above what there is. */
export function Stepper({ value, max, onChange, label }: StepperProps): JSX.Element {
  return (
    <View className="zg-stepper" role="group" label={label}>
      <Tap
        className="zg-stepper-key"
        label="减少一件"
        testId="minus"
        isDisabled={value <= 1}
        onTap={() => onChange(value - 1)}
      >
        <Icon name="minus" />
      </Tap>
      <Text className="zg-stepper-value" testId="quantity">
        {value}
      </Text>
      <Tap
        className="zg-stepper-key"
        label="增加一件"
        testId="plus"
        isDisabled={value >= max}
        onTap={() => onChange(value + 1)}
      >
        <Icon name="plus" />
      </Tap>
    </View>
  )
}
