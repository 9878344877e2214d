import { CHANNELS, formatMoney, type PriceRuleRow } from '@zhanggui/contract'
import { locale, say, t } from '../../i18n/index.ts'
import { shortProvince } from '../settings/provinces.ts'

type Rule = Pick<PriceRuleRow, 'method' | 'value' | 'rounding' | 'levelIds' | 'provinces' | 'channels'>

const WHOLE_BP = 10_000
const PERCENT_BP = 100
const TENTH_BP = 1_000
const SHOWN_PLACES = 4

function percentText(bp: number): string {
  if (bp > WHOLE_BP) return t('price.more', { percent: (bp - WHOLE_BP) / PERCENT_BP })
  // 85 percent of the price is "8.5 折" in Chinese and "15% off" in English.
  return t('price.less', { number: locale() === 'en' ? (WHOLE_BP - bp) / PERCENT_BP : bp / TENTH_BP })
}

function formulaText({ method, value, rounding }: Rule): string {
  if (method === 'fixed') return t('price.fixedAt', { amount: formatMoney(value) })
  const much = method === 'minus' ? t('price.off', { amount: formatMoney(value) }) : percentText(value)
  return rounding === 'fen' ? much : t('price.rounded', { much, rounding: t(`price.rounding.${rounding}`) })
}

function placesText(provinces: readonly string[]): string {
  const names = provinces.slice(0, SHOWN_PLACES).map(shortProvince).join(t('list.and'))
  return provinces.length > SHOWN_PLACES ? t('price.places', { names, count: provinces.length }) : names
}

/** A rule in one sentence: where, through which channel and for whom, then what. When is said elsewhere. */
export function ruleSentence(rule: Rule, levelNames: ReadonlyMap<string, string>): string {
  const who = [
    rule.provinces.length > 0 && placesText(rule.provinces),
    rule.channels.length > 0 &&
      t('price.through', {
        channels: rule.channels.map((name) => say(CHANNELS[name])).join(t('list.and')),
      }),
    rule.levelIds.map((id) => levelNames.get(id) ?? t('price.levelGone')).join(t('list.and')),
  ].filter(Boolean)
  const formula = formulaText(rule)
  return who.length === 0 ? formula : t('price.sentence', { who: who.join(t('price.also')), formula })
}
