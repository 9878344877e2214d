import type { JSX } from 'preact'
import { useApp } from '../../app.ts'
import { pickFiles } from '../../platform/web/index.ts'
import { type PageName, pathOf } from '../../routes.ts'
import { pictureSource } from '../pictures.ts'
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

export function View({ className, id, testId, label, role, style, children }: BoxProps): JSX.Element {
  const rest = { class: className, id, 'data-testid': testId, 'aria-label': label, style }
  if (role === 'listitem') return <li {...rest}>{children}</li>
  if (role === 'navigation') return <nav {...rest}>{children}</nav>
  return (
    <div {...rest} role={role}>
      {children}
    </div>
  )
}

export function Text({ className, testId, as: Tag = 'span', label, isHidden, children }: TextProps): JSX.Element {
  const classes = isHidden ? 'zg-unseen' : className
  return (
    <Tag class={classes} data-testid={testId} aria-label={label}>
      {children}
    </Tag>
  )
}

export function Image({ picture, alt, className, sizes, isFirst, isHero, fit = 'cover' }: ImageProps): JSX.Element {
  if (!picture)
    return (
      <span
        class={`zg-image zg-image-none zg-icon-picture ${className ?? ''}`}
        role="img"
        aria-label={alt || '暂无图片'}
      />
    )
  const { src, srcSet } = pictureSource(picture.url)
  return (
    <img
      class={`zg-image ${className ?? ''}`}
      src={src}
      srcset={srcSet}
      sizes={sizes}
      alt={alt}
      width={picture.width ?? undefined}
      height={picture.height ?? undefined}
      loading={isFirst || isHero ? 'eager' : 'lazy'}
      fetchpriority={isHero ? 'high' : undefined}
      decoding="async"
      style={{ objectFit: fit }}
    />
  )
}

export function Tap({
  onTap,
  isDisabled,
  isChosen,
  role,
  className,
  id,
  testId,
  label,
  style,
  children,
}: TapProps): JSX.Element {
  const chosen =
    role === 'tab'
      ? { 'aria-selected': isChosen }
      : role === 'radio' || role === 'checkbox'
        ? { 'aria-checked': isChosen }
        : { 'aria-pressed': isChosen }
  return (
    <button
      type="button"
      class={`zg-tap ${className ?? ''}`}
      id={id}
      data-testid={testId}
      aria-label={label}
      role={role}
      style={style}
      disabled={isDisabled}
      onClick={onTap}
      {...chosen}
    >
      {children}
    </button>
  )
}

export function Link<N extends PageName>({
  to,
  params,
  shop,
  isCurrent,
  onTap,
  className,
  id,
  testId,
  label,
  style,
  children,
}: LinkProps<N>): JSX.Element {
  const { base, shop: here } = useApp()
  const isHere = shop === undefined || shop === here.id || shop === here.slug
  const href = pathOf(to, params, isHere ? base : `/s/${encodeURIComponent(shop)}`)
  return (
    <a
      class={className}
      href={href}
      id={id}
      data-testid={testId}
      aria-label={label}
      aria-current={isCurrent ? 'page' : undefined}
      style={style}
      onClick={onTap}
    >
      {children}
    </a>
  )
}

export function Button({
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
}: ButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class={`zg-button zg-button-${kind} zg-button-${size}${isBlock ? ' zg-button-block' : ''} ${className ?? ''}`}
      disabled={isDisabled}
      aria-busy={isBusy}
      aria-label={label}
      data-testid={testId}
      onClick={isBusy ? undefined : onTap}
    >
      {isBusy && <span class="zg-spinner" aria-hidden="true" />}
      {children}
    </button>
  )
}

/** A browser cannot ask WeChat for the number. */
export const PhoneButton = (_: PhoneButtonProps): null => null

/** A picture of the buyer's own, chosen on this device. */
export function AvatarButton({ onPick, isBusy, label, testId, className, children }: AvatarButtonProps): JSX.Element {
  const pick = async () => {
    const [file] = await pickFiles('picture', 1)
    if (file) onPick(file)
  }
  return (
    <Tap
      className={className ?? ''}
      label={label}
      isDisabled={isBusy ?? false}
      onTap={() => void pick()}
      {...(testId === undefined ? {} : { testId })}
    >
      {children}
    </Tap>
  )
}
