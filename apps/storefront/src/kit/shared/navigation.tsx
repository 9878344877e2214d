import type { JSX } from '@hooks'
import { Icon, Link, Text, View } from '@kit'

export type TopPlace = 'home' | 'category' | 'me'

const PLACES = [
  { to: 'home', text: '首页' },
  { to: 'category', text: '分类' },
  { to: 'me', text: '个人中心' },
] as const

/** The three places that a phone always shows on top, and the way to search. Wide screens have them in their bar. */
export const TopNav = ({ current }: { current: TopPlace }): JSX.Element => (
  <View className="zg-topnav" role="navigation" label="常用入口">
    <View className="zg-topnav-inner">
      {PLACES.map(({ to, text }) => (
        <Link
          key={to}
          className={`zg-topnav-place ${to === current ? 'zg-topnav-on' : ''}`}
          to={to}
          params={{}}
          isCurrent={to === current}
          isTab
          testId={`top-${to}`}
        >
          {text}
        </Link>
      ))}
      <View className="zg-grow" />
      <Link className="zg-topnav-search" to="search" params={{}} label="搜索本店商品" testId="top-search">
        <Icon name="search" />
      </Link>
    </View>
  </View>
)

/** The head of a part of a page; what leads to all of it stands at its end. */
export const SectionHead = ({
  title,
  children,
}: {
  title: string
  children?: JSX.Element | false | null
}): JSX.Element => (
  <View className="zg-section-head">
    <Text as="h2" className="zg-section-title">
      {title}
    </Text>
    {children}
  </View>
)
