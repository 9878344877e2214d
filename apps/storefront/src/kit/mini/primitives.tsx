import { Button as TaroButton, Image as TaroImage, Text as TaroText, View as TaroView } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { navigate } from '../../platform/mini/index.ts'
import { absolute } from '../../platform/mini/send.ts'
import type { PageName } from '../../routes.ts'
import { pictureUrl } from '../pictures.ts'
import type {
  AvatarButtonProps,
  BoxProps,
  ButtonProps,
  ImageProps,
  LinkProps,
  PhoneButtonProps,
  TapProps,
  TextProps,
} from '../types.ts'

/** Names for screen readers; WeChat knows roles of its own and takes ours where they agree. */
const aria = (label: string | undefined, role?: string) => ({
  ...(label === undefined ? {} : { ariaLabel: label }),
  ...(role === undefined ? {} : { ariaRole: role }),
})

export const View = ({ className, id, testId, label, role, style, children }: BoxProps) => (
  <TaroView className={className} id={id} data-testid={testId} style={style} {...aria(label, role)}>
    {children as ReactNode}
  </TaroView>
)

const BLOCKS = new Set(['p', 'h1', 'h2', 'h3'])

export function Text({ className, testId, as = 'span', label, isHidden, children }: TextProps) {
  const classes = [
    BLOCKS.has(as) ? 'zg-block' : '',
    as === 'del' ? 'zg-del' : '',
    isHidden ? 'zg-unseen' : (className ?? ''),
  ]
    .join(' ')
    .trim()
  // a text element clips and breaks lines differently; blocks and what is clamped by lines are views
  const Box = BLOCKS.has(as) || /title|clip/.test(classes) ? TaroView : TaroText
  return (
    <Box className={classes} data-testid={testId} {...aria(label)}>
      {children as ReactNode}
    </Box>
  )
}

type Variant = 200 | 400 | 800 | 1080
const VARIANTS: Variant[] = [200, 400, 800, 1080]
const LARGE_DPR = 3

/** The smallest variant that is sharp on this screen; `sizes` ends in the width on a phone. */
function variantFor(sizes: string): Variant {
  const { windowWidth, pixelRatio } = Taro.getWindowInfo()
  const [, amount, unit] = /([\d.]+)(vw|px)$/.exec(sizes) ?? []
  const width = unit === 'px' ? Number(amount) : (Number(amount ?? 100) / 100) * windowWidth
  const needed = width * Math.min(pixelRatio, LARGE_DPR)
  // a variant a little too small is sharp enough and much lighter
  return VARIANTS.find((variant) => variant * 1.15 >= needed) ?? 1080
}

export function Image({ picture, alt, className, sizes, isFirst, isHero, isScannable, fit = 'cover' }: ImageProps) {
  if (!picture)
    return (
      <TaroView className={`zg-image zg-image-none zg-icon-picture ${className ?? ''}`} {...aria(alt || '暂无图片')} />
    )
  return (
    <TaroImage
      className={`zg-image ${className ?? ''}`}
      src={absolute(pictureUrl(picture.url, variantFor(sizes)))}
      mode={fit === 'cover' ? 'aspectFill' : 'aspectFit'}
      lazyLoad={!isFirst && !isHero}
      showMenuByLongpress={isScannable ?? false}
      {...aria(alt)}
    />
  )
}

export const Tap = ({
  onTap,
  isDisabled,
  isChosen,
  role = 'button',
  className,
  id,
  testId,
  label,
  style,
  children,
}: TapProps) => (
  <TaroView
    className={`zg-tap ${className ?? ''} ${isDisabled ? 'zg-disabled' : ''}`}
    id={id}
    data-testid={testId}
    style={style}
    hoverClass={isDisabled ? 'none' : 'zg-down'}
    {...aria(isChosen && label !== undefined ? `${label}，已选` : label, role)}
    {...(isChosen === undefined ? {} : { 'aria-checked': isChosen, 'aria-selected': isChosen })}
    onClick={isDisabled ? undefined : onTap}
  >
    {children as ReactNode}
  </TaroView>
)

export const Link = <N extends PageName>({
  to,
  params,
  shop,
  onTap,
  className,
  id,
  testId,
  label,
  style,
  children,
}: LinkProps<N>) => (
  <TaroView
    className={className}
    id={id}
    data-testid={testId}
    style={style}
    hoverClass="zg-down"
    {...aria(label, 'link')}
    onClick={() => {
      onTap?.()
      navigate(to, params, shop === undefined ? {} : { shop })
    }}
  >
    {children as ReactNode}
  </TaroView>
)

export const Button = ({
  kind = 'primary',
  size = 'normal',
  isBlock,
  isDisabled,
  isBusy,
  onTap,
  label,
  testId,
  className,
  children,
}: ButtonProps) => (
  <TaroButton
    className={`zg-button zg-button-${kind} zg-button-${size}${isBlock ? ' zg-button-block' : ''} ${isDisabled ? 'zg-disabled' : ''} ${className ?? ''}`}
    disabled={isDisabled}
    loading={isBusy}
    data-testid={testId}
    {...aria(label)}
    onClick={isDisabled || isBusy ? undefined : onTap}
  >
    {children as ReactNode}
  </TaroButton>
)

/** WeChat shows the number it would give, and asks; without a consent there is no code. */
export const PhoneButton = ({ onCode, isBusy, testId, className, children }: PhoneButtonProps) => (
  <TaroButton
    className={`zg-button zg-button-soft zg-button-small ${className ?? ''}`}
    openType="getPhoneNumber"
    loading={isBusy}
    disabled={isBusy}
    data-testid={testId}
    onGetPhoneNumber={({ detail }) => {
      if (detail.code) onCode(detail.code)
    }}
  >
    {children as ReactNode}
  </TaroButton>
)

/** WeChat offers its own picture of the buyer, the camera and the album. */
export const AvatarButton = ({ onPick, isBusy, label, testId, className, children }: AvatarButtonProps) => (
  <TaroButton
    className={`zg-bare ${className ?? ''}`}
    openType="chooseAvatar"
    disabled={isBusy}
    data-testid={testId}
    {...aria(label)}
    onChooseAvatar={({ detail }) => {
      if (detail.avatarUrl) onPick({ name: 'avatar', content: detail.avatarUrl })
    }}
  >
    {children as ReactNode}
  </TaroButton>
)

/** Shows when an item has been seen: half of it on the screen, by WeChat's own observer. */
export function Seen({
  onSeen,
  className,
  testId,
  children,
}: Pick<BoxProps, 'className' | 'testId' | 'children'> & { onSeen: () => void }) {
  const id = `seen${useId().replace(/\W/g, '')}`
  const latest = useRef(onSeen)
  latest.current = onSeen
  useEffect(() => {
    const { page } = Taro.getCurrentInstance()
    if (!page || !Taro.canIUse('createIntersectionObserver')) return
    const observer = Taro.createIntersectionObserver(page, { thresholds: [0.5] })
    observer.relativeToViewport().observe(`#${id}`, ({ intersectionRatio }) => {
      if ((intersectionRatio ?? 0) < 0.5) return
      observer.disconnect()
      latest.current()
    })
    return () => observer.disconnect()
  }, [])
  return (
    <TaroView id={id} className={className} data-testid={testId}>
      {children as ReactNode}
    </TaroView>
  )
}

/** For another phone to scan: drawn as a picture, since markup of its own cannot hold a drawing. */
export const QrCode = ({ svg, label }: { svg: string; label: string }) => (
  <TaroImage className="zg-qr" src={`data:image/svg+xml;utf8,${encodeURIComponent(svg)}`} ariaLabel={label} />
)
