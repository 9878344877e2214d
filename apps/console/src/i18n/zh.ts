import { accountsZh } from './zh/accounts.ts'
import { aftersaleZh } from './zh/aftersale.ts'
import { booksZh } from './zh/books.ts'
import { buyersZh } from './zh/buyers.ts'
import { catalogZh } from './zh/catalog.ts'
import { channelAccountsZh } from './zh/channel-accounts.ts'
import { commonZh } from './zh/common.ts'
import { contentZh } from './zh/content.ts'
import { deliveryZh } from './zh/delivery.ts'
import { fulfilmentZh } from './zh/fulfilment.ts'
import { helpZh } from './zh/help.ts'
import { invoicesZh } from './zh/invoices.ts'
import { messagesZh } from './zh/messages.ts'
import { operationsZh } from './zh/operations.ts'
import { pagesZh } from './zh/pages.ts'
import { personalCodeZh } from './zh/personal-code.ts'
import { pricesZh } from './zh/prices.ts'
import { reconciliationZh } from './zh/reconciliation.ts'
import { reviewsZh } from './zh/reviews.ts'
import { rolesZh } from './zh/roles.ts'
import { safetyZh } from './zh/safety.ts'
import { searchZh } from './zh/search.ts'
import { settlementZh } from './zh/settlement.ts'
import { sharingZh } from './zh/sharing.ts'
import { tradeZh } from './zh/trade.ts'
import { workspaceZh } from './zh/workspace.ts'

/** Every text of the console in Chinese; its keys are the catalogue's. */
export const zh = {
  ...commonZh,
  ...catalogZh,
  ...accountsZh,
  ...buyersZh,
  ...channelAccountsZh,
  ...tradeZh,
  ...deliveryZh,
  ...aftersaleZh,
  ...operationsZh,
  ...workspaceZh,
  ...pagesZh,
  ...pricesZh,
  ...fulfilmentZh,
  ...contentZh,
  ...reviewsZh,
  ...rolesZh,
  ...messagesZh,
  ...searchZh,
  ...settlementZh,
  ...personalCodeZh,
  ...invoicesZh,
  ...reconciliationZh,
  ...booksZh,
  ...safetyZh,
  ...sharingZh,
  ...helpZh,
} as const

export type MessageKey = keyof typeof zh
export type Messages = Record<MessageKey, string>
