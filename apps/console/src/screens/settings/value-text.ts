import { formatMoney } from '@zhanggui/contract/money'
import { hasMessage, t } from '../../i18n/index.ts'
import { percentOfBp, type SettingField } from '../../kit/setting-field.ts'

/** The value of a setting in words. */
export function valueText(value: unknown, field: SettingField, unit: string | null): string {
  if (value === null || value === undefined || value === '') return t('setting.none')
  if (typeof value === 'boolean') return t(value ? 'setting.on' : 'setting.off')
  if (typeof value === 'number') {
    if (field.kind === 'money') return formatMoney(value)
    if (field.kind === 'percent') return `${percentOfBp(value)}%`
    const key = `unit.${unit}`
    return unit === null ? String(value) : `${value} ${hasMessage(key) ? t(key) : unit}`
  }
  if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
    return value.join('、') || t('setting.none')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What a number may be, in words; nothing for values without bounds on both sides. */
export function rangeText(field: SettingField, unit: string | null): string {
  if (!('min' in field) || field.min === undefined || field.max === undefined) return ''
  return ` · ${t('setting.range', { min: valueText(field.min, field, null), max: valueText(field.max, field, unit) })}`
}
