import type { Children, JSX } from '@hooks'
import { Button, Text, View } from '@kit'
import { login } from '@platform'
import type { IconName } from '../types.ts'
import { Icon } from './bits.tsx'

/** The content of a page between its bars. `hasBar` leaves room for a bar fixed at the bottom. */
export const Screen = ({
  className,
  hasBar,
  children,
}: {
  className?: string
  hasBar?: boolean
  children: Children
}): JSX.Element => <View className={`zg-screen ${hasBar ? 'zg-screen-bar' : ''} ${className ?? ''}`}>{children}</View>

export interface EmptyProps {
  icon?: IconName
  title: string
  text?: string
  children?: Children
}

/** Nothing here, and what to do about it. */
export const Empty = ({ icon = 'box', title, text, children }: EmptyProps): JSX.Element => (
  <View className="zg-empty" testId="empty">
    <View className="zg-empty-disc">
      <Icon name={icon} />
    </View>
    <Text as="h2" className="zg-empty-title">
      {title}
    </Text>
    {text !== undefined && (
      <Text as="p" className="zg-empty-text">
        {text}
      </Text>
    )}
    {children}
  </View>
)

/** Something failed: the server's own words, and a way to try again. */
export const ErrorNotice = ({ message, onRetry }: { message: string; onRetry?: () => void }): JSX.Element => (
  <View role="alert">
    <Empty icon="warn" title="出了点问题" text={message}>
      {onRetry && (
        <Button kind="soft" onTap={onRetry}>
          重试
        </Button>
      )}
    </Empty>
  </View>
)

export const SignInPrompt = ({ title }: { title: string }): JSX.Element => (
  <Empty icon="user" title={title} text="用微信登录，几秒就好">
    <Button kind="trust" testId="sign-in" onTap={() => void login()}>
      微信登录
    </Button>
  </Empty>
)

/** Grey shapes where the content will be. */
export const Skeleton = ({
  kind = 'rows',
  count = 4,
}: {
  kind?: 'rows' | 'grid' | 'detail'
  count?: number
}): JSX.Element => (
  <View className={`zg-skeleton zg-skeleton-${kind}`} role="status" label="加载中">
    {kind === 'detail' && <View className="zg-bone zg-bone-square" />}
    {Array.from({ length: count }, (_, index) => `bone-${index}`).map((key) => (
      <View className="zg-bone-card" key={key}>
        {kind === 'grid' && <View className="zg-bone zg-bone-square" />}
        <View className="zg-bone zg-bone-line" />
        <View className="zg-bone zg-bone-line zg-bone-short" />
      </View>
    ))}
  </View>
)
