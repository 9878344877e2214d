import { accountRoutes } from './accounts.ts'
import { aftersaleRoutes } from './aftersale-routes.ts'
import { approvalRoutes } from './approvals.ts'
import { bookRoutes } from './books-routes.ts'
import { buyerRoutes } from './buyers.ts'
import { catalogRoutes } from './catalog-routes.ts'
import { contentRoutes } from './content-routes.ts'
import { customerRoutes } from './customers.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import { exceptionRoutes } from './exceptions.ts'
import { fulfilmentRoutes } from './fulfilment-routes.ts'
import { identityRoutes } from './identity.ts'
import { invoiceRoutes } from './invoices-routes.ts'
import { memberRoutes } from './members.ts'
import { notificationRoutes } from './notifications-routes.ts'
import { operationRoutes } from './operations.ts'
import { ownDataRoutes } from './own-data.ts'
import { pageRoutes } from './pages.ts'
import { partyRoutes } from './parties.ts'
import { passkeyRoutes } from './passkeys.ts'
import { personalCodeRoutes } from './personal-code-routes.ts'
import { priceRoutes } from './prices.ts'
import { productCareRoutes } from './product-care.ts'
import { reconciliationRoutes } from './reconciliation-routes.ts'
import { relatedRoutes } from './related.ts'
import { reviewRoutes } from './reviews-routes.ts'
import { routingRoutes } from './routing-routes.ts'
import { searchRoutes } from './search.ts'
import { settlementRoutes } from './settlement-routes.ts'
import { sharingRoutes } from './sharing.ts'
import { stepUpRoutes } from './step-up.ts'
import { stockRoutes } from './stock.ts'
import { storefrontRoutes } from './storefront-routes.ts'
import { taxRateRoutes } from './tax-rates.ts'
import { tradeRoutes } from './trade-routes.ts'
import { workspaceRoutes } from './workspace-routes.ts'

/** Every route of the program. Nothing is served under `/api` that is not in this table. */
export const ROUTES = {
  ...identityRoutes,
  ...passkeyRoutes,
  ...partyRoutes,
  ...sharingRoutes,
  ...stepUpRoutes,
  ...approvalRoutes,
  ...accountRoutes,
  ...storefrontRoutes,
  ...catalogRoutes,
  ...stockRoutes,
  ...tradeRoutes,
  ...notificationRoutes,
  ...operationRoutes,
  ...relatedRoutes,
  ...taxRateRoutes,
  ...routingRoutes,
  ...searchRoutes,
  ...memberRoutes,
  ...pageRoutes,
  ...priceRoutes,
  ...deliveryRoutes,
  ...workspaceRoutes,
  ...fulfilmentRoutes,
  ...productCareRoutes,
  ...exceptionRoutes,
  ...aftersaleRoutes,
  ...personalCodeRoutes,
  ...invoiceRoutes,
  ...contentRoutes,
  ...reviewRoutes,
  ...customerRoutes,
  ...buyerRoutes,
  ...ownDataRoutes,
  ...settlementRoutes,
  ...reconciliationRoutes,
  ...bookRoutes,
}
export type Routes = typeof ROUTES
export type RouteId = keyof Routes

export * from './accounts.ts'
export * from './aftersale.ts'
export * from './approvals.ts'
export * from './books.ts'
export * from './buyers.ts'
export * from './carriers.ts'
export * from './catalog.ts'
export * from './common.ts'
export * from './completeness.ts'
export * from './content.ts'
export * from './customers.ts'
export * from './data-scope.ts'
export * from './delivery.ts'
export * from './detail-document.ts'
export * from './errors.ts'
export * from './exceptions.ts'
export * from './fulfilment.ts'
export * from './identity.ts'
export * from './invoices.ts'
export * from './members.ts'
export * from './money.ts'
export * from './notifications.ts'
export * from './operations.ts'
export * from './own-data.ts'
export * from './page-blocks.ts'
export * from './page-check.ts'
export * from './pages.ts'
export * from './parties.ts'
export * from './passkeys.ts'
export * from './permissions.ts'
export * from './personal-code.ts'
export * from './price-tag.ts'
export * from './prices.ts'
export * from './product-care.ts'
export * from './reconciliation.ts'
export * from './related.ts'
export * from './reviews.ts'
export * from './route.ts'
export * from './routing.ts'
export * from './search.ts'
export * from './settlement.ts'
export * from './sharing.ts'
export * from './step-up.ts'
export * from './step-up-purposes.ts'
export * from './stock.ts'
export * from './storefront-routes.ts'
export * from './tax-rates.ts'
export * from './title-rules.ts'
export * from './trade.ts'
export * from './workspace.ts'
