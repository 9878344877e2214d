import { formatMoney } from '@zhanggui/contract/money'
import { hasMessage, t } from '../../i18n/index.ts'
import { type SettingField, shownOfHundredths } from '../../kit/setting-field.ts'

/** What a unit is called, e.g. `minutes` → 分钟, `bp` → %; nothing for a number without one. */
export function unitText(unit: string | null): string {
  const key = `unit.${unit}`
  return hasMessage(key) ? t(key) : (unit ?? '')
}

/** What an option of a setting is called, where the catalogue knows it. */
export function optionText(option: string): string {
  const key = `option.${option}`
  return hasMessage(key) ? t(key) : option
}

/** The value of a setting in words. */
export function valueText(value: unknown, field: SettingField, unit: string | null): string {
  if (value === null || value === undefined || value === '') return t('setting.none')
  if (field.kind === 'picture') return t('look.aPicture')
  if (typeof value === 'boolean') return t(value ? 'setting.on' : 'setting.off')
  if (typeof value === 'number') {
    if (field.kind === 'money') return formatMoney(value)
    const shown = (field.kind === 'hundredths' ? shownOfHundredths(value) : value).toLocaleString('en')
    const gap = unit === 'bp' ? '' : ' '
    return `${shown}${gap}${unitText(unit)}`.trim()
  }
  if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
    return value.map(optionText).join('、') || t('setting.none')
  return typeof value === 'string' ? optionText(value) : JSON.stringify(value)
}

/** Above this a bound only keeps numbers whole, and says nothing to people. */
const NO_BOUND = 10_000_000

/** What a number may be, in words; nothing for values without bounds on both sides. */
export function rangeText(field: SettingField, unit: string | null): string {
  if (!('min' in field) || field.min === undefined || field.max === undefined) return ''
  if (field.kind !== 'money' && field.max > NO_BOUND) return ''
  return ` · ${t('setting.range', { min: valueText(field.min, field, null), max: valueText(field.max, field, unit) })}`
}
