import { Picker, Input as TaroInput, Text, Textarea, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import type { CheckProps, DateFieldProps, InputProps, SelectProps, SwitchProps, TextAreaProps } from '../types.ts'

const KINDS = { text: 'text', tel: 'number', number: 'number', search: 'text', nickname: 'nickname' } as const

export const Input = ({
  label,
  isLabelHidden,
  value,
  onInput,
  placeholder,
  kind = 'text',
  maxLength = 140,
  error,
  testId,
  onConfirm,
  hasFocus,
  className,
}: InputProps) => (
  <View className={`zg-field ${className ?? ''}`}>
    {!isLabelHidden && <Text className="zg-field-label">{label}</Text>}
    <TaroInput
      className="zg-input"
      type={KINDS[kind]}
      value={value}
      placeholder={placeholder}
      maxlength={maxLength}
      focus={hasFocus}
      confirmType={kind === 'search' ? 'search' : 'done'}
      data-testid={testId}
      ariaLabel={label}
      onInput={(event) => onInput(event.detail.value)}
      onConfirm={() => onConfirm?.()}
    />
    {error !== undefined && <Text className="zg-field-error">{error}</Text>}
  </View>
)

export const TextArea = ({
  label,
  isLabelHidden,
  value,
  onInput,
  placeholder,
  maxLength = 140,
  testId,
}: TextAreaProps) => (
  <View className="zg-field">
    {!isLabelHidden && <Text className="zg-field-label">{label}</Text>}
    <Textarea
      className="zg-input zg-textarea"
      value={value}
      placeholder={placeholder}
      maxlength={maxLength}
      autoHeight
      data-testid={testId}
      ariaLabel={label}
      onInput={(event) => onInput(event.detail.value)}
    />
  </View>
)

export const Select = ({ label, value, choices, placeholder, onChange, error, testId }: SelectProps) => (
  <View className="zg-field">
    <Text className="zg-field-label">{label}</Text>
    <Picker
      mode="selector"
      range={[...choices]}
      value={Math.max(0, choices.indexOf(value))}
      data-testid={testId}
      onChange={(event) => onChange(choices[Number(event.detail.value)] ?? '')}
    >
      <View className="zg-input zg-select">{value === '' ? placeholder : value}</View>
    </Picker>
    {error !== undefined && <Text className="zg-field-error">{error}</Text>}
  </View>
)

export const DateField = ({ label, value, min, max, onChange, placeholder, testId }: DateFieldProps) => (
  <View className="zg-field">
    <Text className="zg-field-label">{label}</Text>
    <Picker
      mode="date"
      value={value === '' ? max : value}
      start={min}
      end={max}
      data-testid={testId}
      onChange={(event) => onChange(String(event.detail.value))}
    >
      <View className="zg-input zg-select">{value === '' ? placeholder : value}</View>
    </Picker>
  </View>
)

export const Switch = ({ isOn, onChange, label, testId }: SwitchProps) => (
  <View
    className="zg-switch"
    data-testid={testId}
    ariaRole="switch"
    ariaLabel={isOn ? `${label}，已开启` : `${label}，已关闭`}
    onClick={() => onChange(!isOn)}
  >
    <View className={isOn ? 'zg-switch-track zg-switch-on' : 'zg-switch-track'} />
  </View>
)

export const Check = ({ isChecked, onChange, label, children, testId }: CheckProps) => (
  <View
    className="zg-check"
    data-testid={testId}
    ariaRole="checkbox"
    ariaLabel={isChecked ? `${label}，已选` : label}
    onClick={() => onChange(!isChecked)}
  >
    <View className={`zg-check-mark ${isChecked ? 'zg-check-on zg-icon-check' : ''}`} />
    {children as ReactNode}
  </View>
)
