import type { JSX } from '@hooks'
import { Tap, Text, View } from '@kit'
import './reviews.css'

const FIVE = [1, 2, 3, 4, 5] as const
const WORDS = ['', '很差', '较差', '一般', '满意', '非常满意'] as const

/** Stars that were given; `tenths` is 10 to 50. */
export function Stars({ tenths }: { tenths: number }): JSX.Element {
  const full = Math.round(tenths / 10)
  return (
    <View className="zg-stars" label={`${tenths / 10} 星`}>
      {FIVE.map((star) => (
        <Text key={star} className={star <= full ? 'zg-star zg-star-on' : 'zg-star'}>
          ★
        </Text>
      ))}
    </View>
  )
}

/** Giving one to five stars. */
export function StarsInput({
  label,
  value,
  onChange,
  testId,
}: {
  label: string
  value: number
  onChange: (value: number) => void
  testId?: string
}): JSX.Element {
  return (
    <View className="zg-stars-input" role="radiogroup" label={label}>
      <Text className="zg-stars-label">{label}</Text>
      {FIVE.map((star) => (
        <Tap
          key={star}
          className="zg-star-key"
          role="radio"
          isChosen={star === value}
          label={`${star} 星`}
          {...(testId === undefined ? {} : { testId: `${testId}-${star}` })}
          onTap={() => onChange(star)}
        >
          <Text className={star <= value ? 'zg-star zg-star-on' : 'zg-star'}>{star <= value ? '★' : '☆'}</Text>
        </Tap>
      ))}
      <Text className="zg-small zg-muted">{WORDS[value]}</Text>
    </View>
  )
}
