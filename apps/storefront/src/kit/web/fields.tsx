import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import type { CheckProps, DateFieldProps, InputProps, SelectProps, SwitchProps, TextAreaProps } from '../types.ts'

const MODES = { text: undefined, tel: 'tel', number: 'numeric', search: 'search', nickname: undefined } as const

export function Input(props: InputProps): JSX.Element {
  const {
    label,
    isLabelHidden,
    value,
    onInput,
    placeholder,
    kind = 'text',
    maxLength,
    error,
    testId,
    autoComplete,
    onConfirm,
    hasFocus,
    className,
  } = props
  const id = useId()
  return (
    <div class={`zg-field ${className ?? ''}`}>
      <label class={isLabelHidden ? 'zg-unseen' : 'zg-field-label'} for={id}>
        {label}
      </label>
      <input
        id={id}
        class="zg-input"
        type={kind === 'number' || kind === 'nickname' ? 'text' : kind}
        list={undefined}
        inputMode={MODES[kind]}
        enterKeyHint={kind === 'search' ? 'search' : undefined}
        value={value}
        placeholder={placeholder}
        maxLength={maxLength}
        autoComplete={autoComplete as 'on' | undefined}
        // biome-ignore lint/a11y/noAutofocus: the search page is opened to type
        autoFocus={hasFocus}
        data-testid={testId}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Enter that only accepts a pinyin candidate is not a confirmation
          if (event.key === 'Enter' && !event.isComposing) onConfirm?.()
        }}
      />
      {error !== undefined && (
        <span class="zg-field-error" id={`${id}-error`} role="alert">
          {error}
        </span>
      )}
    </div>
  )
}

export function TextArea({
  label,
  isLabelHidden,
  value,
  onInput,
  placeholder,
  maxLength,
  rows = 3,
  testId,
}: TextAreaProps): JSX.Element {
  const id = useId()
  return (
    <div class="zg-field">
      <label class={isLabelHidden ? 'zg-unseen' : 'zg-field-label'} for={id}>
        {label}
      </label>
      <textarea
        id={id}
        class="zg-input zg-textarea"
        rows={rows}
        value={value}
        placeholder={placeholder}
        maxLength={maxLength}
        data-testid={testId}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  )
}

export function DateField({ label, value, min, max, onChange, testId }: DateFieldProps): JSX.Element {
  const id = useId()
  return (
    <div class="zg-field">
      <label class="zg-field-label" for={id}>
        {label}
      </label>
      <input
        id={id}
        class="zg-input"
        type="date"
        value={value}
        min={min}
        max={max}
        data-testid={testId}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  )
}

export function Check({ isChecked, onChange, label, children, testId }: CheckProps): JSX.Element {
  return (
    <label class="zg-check">
      <input
        type="checkbox"
        class="zg-unseen"
        checked={isChecked}
        aria-label={children ? undefined : label}
        data-testid={testId}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span class={`zg-check-mark ${isChecked ? 'zg-check-on zg-icon-check' : ''}`} aria-hidden="true" />
      {children}
    </label>
  )
}

/** Turns something on or off at once. */
export const Switch = ({ isOn, onChange, label, testId }: SwitchProps): JSX.Element => (
  <label class="zg-switch">
    <input
      type="checkbox"
      // biome-ignore lint/a11y/useAriaPropsForRole: the checkbox itself says whether it is on
      role="switch"
      class="zg-unseen"
      checked={isOn}
      aria-label={label}
      data-testid={testId}
      onChange={() => onChange(!isOn)}
    />
    <span class={isOn ? 'zg-switch-track zg-switch-on' : 'zg-switch-track'} aria-hidden="true" />
  </label>
)

export function Select({ label, value, choices, placeholder, onChange, error, testId }: SelectProps): JSX.Element {
  const id = useId()
  return (
    <div class="zg-field">
      <label class="zg-field-label" for={id}>
        {label}
      </label>
      <select
        id={id}
        class="zg-input zg-select"
        value={value}
        data-testid={testId}
        aria-invalid={error !== undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="" disabled selected={value === ''}>
          {placeholder}
        </option>
        {choices.map((choice) => (
          <option key={choice} value={choice} selected={choice === value}>
            {choice}
          </option>
        ))}
      </select>
      {error !== undefined && (
        <span class="zg-field-error" role="alert">
          {error}
        </span>
      )}
    </div>
  )
}
