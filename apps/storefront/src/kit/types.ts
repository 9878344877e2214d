import type { Children } from '@hooks'
import type { Picture } from '@zhanggui/contract'
import type { PickedFile } from '../platform/port.ts'
import type { PageName, PageParams } from '../routes.ts'

/** What every box takes. `label` is its name for screen readers. */
export interface BoxProps {
  className?: string
  id?: string
  testId?: string
  label?: string
  role?: 'list' | 'listitem' | 'status' | 'alert' | 'group' | 'radiogroup' | 'region' | 'navigation' | 'search'
  style?: Record<string, string>
  children?: Children
}

export interface TextProps {
  className?: string
  testId?: string
  /** Its role in the text, where the target knows one. */
  as?: 'span' | 'h1' | 'h2' | 'h3' | 'p' | 'strong' | 'del'
  label?: string
  /** Words that only screen readers get. */
  isHidden?: boolean
  children?: Children
}

export interface ImageProps {
  /** Null shows a quiet placeholder. */
  picture: Picture | null
  alt: string
  className?: string
  /** Width on the page as in `<img sizes>`, for choosing the variant. */
  sizes: string
  /** In the first screen: fetched at once, not when it comes into sight. */
  isFirst?: boolean
  /** The one picture that the first screen is looked at for: fetched before all others. */
  isHero?: boolean
  fit?: 'cover' | 'contain'
  /** A code: in the mini program a long press recognises it. */
  isScannable?: boolean
}

export interface TapProps extends Omit<BoxProps, 'role'> {
  onTap: () => void
  isDisabled?: boolean
  /** For choices: whether it is the chosen one. */
  isChosen?: boolean
  role?: 'radio' | 'tab' | 'checkbox' | 'button'
}

export interface LinkProps<N extends PageName> extends Omit<BoxProps, 'role'> {
  to: N
  params: PageParams[N]
  shop?: string
  /** A tab page: switched to, not put on top. */
  isTab?: boolean
  isCurrent?: boolean
  onTap?: () => void
}

export interface ButtonProps {
  kind?: 'primary' | 'trust' | 'plain' | 'soft' | 'danger'
  size?: 'small' | 'normal' | 'large'
  isBlock?: boolean
  isDisabled?: boolean
  isBusy?: boolean
  onTap: () => void
  label?: string
  testId?: string
  className?: string
  children?: Children
}

/** Asks WeChat for the buyer's phone number; only the mini program can. */
export interface PhoneButtonProps {
  /** The code that the server exchanges for the number. */
  onCode: (code: string) => void
  isBusy?: boolean
  testId?: string
  className?: string
  children?: Children
}

/** A picture of the buyer: WeChat's own choice in the mini program, a file in the browser. */
export interface AvatarButtonProps {
  onPick: (file: PickedFile) => void
  isBusy?: boolean
  label: string
  testId?: string
  className?: string
  children?: Children
}

/** A day, `2001-12-31`; empty when none is chosen. */
export interface DateFieldProps {
  label: string
  value: string
  /** The first and the last day that can be chosen. */
  min: string
  max: string
  onChange: (day: string) => void
  placeholder: string
  testId?: string
}

export interface InputProps {
  label: string
  /** Keep the label for screen readers only. */
  isLabelHidden?: boolean
  value: string
  onInput: (value: string) => void
  placeholder?: string
  /** `nickname` offers the one that WeChat knows. */
  kind?: 'text' | 'tel' | 'number' | 'search' | 'nickname'
  maxLength?: number
  error?: string
  testId?: string
  /** Name of the field for the browser's autofill. */
  autoComplete?: string
  onConfirm?: () => void
  hasFocus?: boolean
  className?: string
}

export interface TextAreaProps {
  label: string
  isLabelHidden?: boolean
  value: string
  onInput: (value: string) => void
  placeholder?: string
  maxLength?: number
  rows?: number
  testId?: string
}

export interface SelectProps {
  label: string
  value: string
  choices: readonly string[]
  placeholder: string
  onChange: (value: string) => void
  error?: string
  testId?: string
}

export interface CheckProps {
  isChecked: boolean
  onChange: (isChecked: boolean) => void
  label: string
  /** Shown beside the mark; without it the label is for screen readers only. */
  children?: Children
  testId?: string
}

/** On or off, in force at once; its words stand beside it. */
export interface SwitchProps {
  isOn: boolean
  onChange: (isOn: boolean) => void
  label: string
  testId?: string
}

export interface SheetProps {
  isOpen: boolean
  onClose: () => void
  title: string
  /** Stays in sight below the scrolling part. */
  footer?: Children
  testId?: string
  children?: Children
}

export interface InfiniteListProps {
  hasMore: boolean
  isLoading: boolean
  error: string | undefined
  onMore: () => void
  /** Shown below the last item. */
  endText?: string
  className?: string
  label: string
  children?: Children
}

/** Slides side by side that move on by themselves, as long as nobody touches them. */
export interface CarouselProps {
  label: string
  /** Height in per cent of the width. */
  ratioPercent: number
  /** 0: only by hand. */
  intervalSeconds: number
  slides: { key: string; content: Children }[]
}

/** A row that is wider than the screen and scrolls sideways. */
export interface RailProps {
  label: string
  className?: string
  children?: Children
}

/** What is drawn only when the buyer comes near; until then a quiet room of that height. */
export interface NearProps {
  heightPx: number
  children: () => Children
}

/** What lies below the first screen and may come a moment later than that. */
export interface BelowProps {
  children: Children
}

export interface SwiperProps {
  pictures: Picture[]
  alt: string
}

/** A film of the goods. */
export interface VideoProps {
  video: Picture
  poster: Picture | null
  className?: string
  label: string
}

export interface NavBarProps {
  title: string
  /** Where back leads when there is nothing behind; absent on tab pages. */
  back?: PageName
  right?: Children
  /** The page shows its title itself: on a phone there is no bar at all. */
  isQuiet?: boolean
}

export type TabName = 'home' | 'category' | 'cart' | 'orders' | 'me'

export type IconName =
  | 'back'
  | 'bell'
  | 'bag'
  | 'box'
  | 'cart'
  | 'check'
  | 'chevron'
  | 'clock'
  | 'close'
  | 'edit'
  | 'eye'
  | 'filter'
  | 'fire'
  | 'grid'
  | 'headset'
  | 'heart'
  | 'home'
  | 'link'
  | 'list'
  | 'minus'
  | 'phone'
  | 'picture'
  | 'pin'
  | 'plus'
  | 'refund'
  | 'search'
  | 'share'
  | 'spark'
  | 'shield'
  | 'star'
  | 'trash'
  | 'truck'
  | 'up'
  | 'user'
  | 'warn'
