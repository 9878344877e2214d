import { accountsEn } from './en/accounts.ts'
import { aftersaleEn } from './en/aftersale.ts'
import { booksEn } from './en/books.ts'
import { buyersEn } from './en/buyers.ts'
import { catalogEn } from './en/catalog.ts'
import { channelAccountsEn } from './en/channel-accounts.ts'
import { commonEn } from './en/common.ts'
import { contentEn } from './en/content.ts'
import { deliveryEn } from './en/delivery.ts'
import { fulfilmentEn } from './en/fulfilment.ts'
import { helpEn } from './en/help.ts'
import { invoicesEn } from './en/invoices.ts'
import { messagesEn } from './en/messages.ts'
import { operationsEn } from './en/operations.ts'
import { pagesEn } from './en/pages.ts'
import { personalCodeEn } from './en/personal-code.ts'
import { pricesEn } from './en/prices.ts'
import { reconciliationEn } from './en/reconciliation.ts'
import { reviewsEn } from './en/reviews.ts'
import { rolesEn } from './en/roles.ts'
import { safetyEn } from './en/safety.ts'
import { searchEn } from './en/search.ts'
import { settlementEn } from './en/settlement.ts'
import { sharingEn } from './en/sharing.ts'
import { tradeEn } from './en/trade.ts'
import { workspaceEn } from './en/workspace.ts'
import type { Messages } from './zh.ts'

/** Every text of the console in English. */
export const en: Messages = {
  ...commonEn,
  ...catalogEn,
  ...accountsEn,
  ...buyersEn,
  ...channelAccountsEn,
  ...tradeEn,
  ...deliveryEn,
  ...aftersaleEn,
  ...operationsEn,
  ...workspaceEn,
  ...pagesEn,
  ...pricesEn,
  ...fulfilmentEn,
  ...contentEn,
  ...reviewsEn,
  ...rolesEn,
  ...messagesEn,
  ...searchEn,
  ...settlementEn,
  ...personalCodeEn,
  ...invoicesEn,
  ...reconciliationEn,
  ...booksEn,
  ...safetyEn,
  ...sharingEn,
  ...helpEn,
}
