import type { JSX } from '@hooks'
import { Icon, Tap, Text } from '@kit'

/** Where the goods would go. Of one height, whatever it says: nothing below moves when the answer comes. */
export const PlaceRow = ({ onTap, text, isBad }: { onTap: () => void; text: string; isBad?: boolean }): JSX.Element => (
  <Tap className="zg-panel zg-detail-choice" testId="deliver-to" onTap={onTap}>
    <Text className="zg-muted">送至</Text>
    <Text className={`zg-grow zg-clip${isBad ? ' zg-detail-bad' : ''}`}>{text}</Text>
    <Icon name="chevron" />
  </Tap>
)

export const UNKNOWN_PLACE = '选择地区，看运费和能否送到'
