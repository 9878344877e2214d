import type { JSX } from '@hooks'
import { Icon, Tap, Text } from '@kit'

interface ChoiceRowProps {
  name: string
  text: string
  testId: string
  onTap: () => void
}

/** What is chosen, and the way to choose anew. Of one height, whatever it says: nothing below moves. */
export const ChoiceRow = ({ name, text, testId, onTap }: ChoiceRowProps): JSX.Element => (
  <Tap className="zg-panel zg-detail-choice" testId={testId} onTap={onTap}>
    <Text className="zg-muted">{name}</Text>
    <Text className="zg-grow zg-clip">{text}</Text>
    <Icon name="chevron" />
  </Tap>
)
