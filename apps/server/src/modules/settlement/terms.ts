import type { MerchantLevel } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import type { SettlementDeps } from './deps.ts'
import type { Calendar, Cycle } from './rules.ts'
import { CYCLE_DAYS, DEPOSIT_FEN, holdingDays, holidays, releaseHour, workdays } from './settings.ts'
import { findMerchant } from './store-items.ts'

export const FIRST_LEVEL: MerchantLevel = 'new'

export interface Terms {
  level: MerchantLevel
  cycle: Cycle
  depositRequiredFen: number
}

/** What the platform grants a shop by its level. */
export async function termsOf(tx: Tx, { settings }: Pick<SettlementDeps, 'settings'>, shopId: string): Promise<Terms> {
  const level = (await findMerchant(tx, shopId))?.level ?? FIRST_LEVEL
  return {
    level,
    cycle: {
      cycleDays: await settings.get(CYCLE_DAYS[level], {}, tx),
      holdingDays: await settings.get(holdingDays, {}, tx),
      hour: await settings.get(releaseHour, {}, tx),
    },
    depositRequiredFen: await settings.get(DEPOSIT_FEN[level], {}, tx),
  }
}

export async function calendarOf(tx: Tx, { settings }: Pick<SettlementDeps, 'settings'>): Promise<Calendar> {
  return {
    holidays: new Set(await settings.get(holidays, {}, tx)),
    workdays: new Set(await settings.get(workdays, {}, tx)),
  }
}
