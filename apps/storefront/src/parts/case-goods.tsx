import { type Children, Fragment, type JSX } from '@hooks'
import { Image, Text, View } from '@kit'
import type { AftersaleRow } from '@zhanggui/contract'
import './aftersale.css'

/** What a case is about: the goods, how many of each, and what comes instead. */
export const CaseGoods = ({ lines }: { lines: AftersaleRow['lines'] }): JSX.Element => (
  <Fragment>
    {lines.map((line) => (
      <CaseLine key={line.line} line={line}>
        <Text className="zg-small zg-muted">
          × {line.quantity}
          {line.exchangeOptions !== null && ` · 换成 ${line.exchangeOptions === '' ? '同款' : line.exchangeOptions}`}
        </Text>
      </CaseLine>
    ))}
  </Fragment>
)

export const CaseLine = ({
  line,
  children,
}: {
  line: Pick<AftersaleRow['lines'][number], 'title' | 'options' | 'picture'>
  children?: Children
}): JSX.Element => (
  <View className="zg-case-goods">
    <View className="zg-case-picture">
      <Image picture={line.picture} alt="" sizes="64px" />
    </View>
    <View className="zg-grow">
      <Text className="zg-line-title">{line.title}</Text>
      {line.options !== '' && <Text className="zg-line-options">{line.options}</Text>}
      {children}
    </View>
  </View>
)
