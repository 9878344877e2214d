import { type ComponentType, Suspense } from 'react'
import { createBrowserRouter, type RouteObject } from 'react-router'
import { listenForSignOut } from '../kit/api.ts'
import { CrashPage, NoShopPage, NotFoundPage } from './error-pages.tsx'
import { Home, ShopArea, SignedIn } from './guards.tsx'
import { PageSkeleton } from './page.tsx'
import type { ScreenPath } from './paths.ts'
import { forgetSession } from './session.tsx'

const BASE = '/console'

type Load = () => Promise<{ default: ComponentType }>

/** A screen in a file of its own, loaded when somebody goes there. */
const screen = (path: ScreenPath, load: Load): RouteObject => ({
  path,
  lazy: async () => {
    const { default: Component } = await load()
    return { Component }
  },
})

const shopScreens: RouteObject[] = [
  screen('overview', () => import('../screens/overview/overview.tsx')),
  screen('products', () => import('../screens/products/list.tsx')),
  screen('products/new', () => import('../screens/products/editor.tsx')),
  screen('products/:productId', () => import('../screens/products/editor.tsx')),
  screen('price-rules', () => import('../screens/prices/rules.tsx')),
  screen('search-settings', () => import('../screens/search/search-settings.tsx')),
  screen('buyers', () => import('../screens/buyers/list.tsx')),
  screen('buyers/:buyerId', () => import('../screens/buyers/buyer.tsx')),
  screen('members', () => import('../screens/members/members.tsx')),
  screen('recycle-bin', () => import('../screens/products/recycle.tsx')),
  screen('bulk-edits', () => import('../screens/products/bulk-edits.tsx')),
  screen('completeness', () => import('../screens/completeness/overview.tsx')),
  screen('tags', () => import('../screens/tags/tags.tsx')),
  screen('product-roles', () => import('../screens/roles/roles-report.tsx')),
  screen('categories', () => import('../screens/products/categories.tsx')),
  screen('imports', () => import('../screens/imports/list.tsx')),
  screen('imports/:importId', () => import('../screens/imports/import.tsx')),
  screen('stock', () => import('../screens/stock/stock.tsx')),
  screen('movements', () => import('../screens/stock/movements.tsx')),
  screen('warehouses', () => import('../screens/stock/warehouses.tsx')),
  screen('orders', () => import('../screens/orders/list.tsx')),
  screen('orders/:orderId', () => import('../screens/orders/order.tsx')),
  screen('waves', () => import('../screens/fulfilment/waves.tsx')),
  screen('waves/:waveId', () => import('../screens/fulfilment/wave.tsx')),
  screen('scan', () => import('../screens/fulfilment/scan.tsx')),
  screen('ship-files', () => import('../screens/fulfilment/ship-files.tsx')),
  screen('ship-files/:fileId', () => import('../screens/fulfilment/ship-file.tsx')),
  screen('prints', () => import('../screens/fulfilment/prints.tsx')),
  screen('print', () => import('../screens/fulfilment/print.tsx')),
  screen('routing', () => import('../screens/fulfilment/routing.tsx')),
  screen('legal', () => import('../screens/legal/legal.tsx')),
  screen('reviews', () => import('../screens/reviews/reviews.tsx')),
  screen('messages', () => import('../screens/messages/messages.tsx')),
  screen('shipments', () => import('../screens/orders/shipments.tsx')),
  screen('local', () => import('../screens/delivery/local-orders.tsx')),
  screen('pick-up', () => import('../screens/delivery/pick-up.tsx')),
  screen('delivery', () => import('../screens/delivery/methods.tsx')),
  screen('exceptions', () => import('../screens/exceptions/board.tsx')),
  screen('aftersale', () => import('../screens/aftersale/queue.tsx')),
  screen('aftersale/:caseId', () => import('../screens/aftersale/case.tsx')),
  screen('aftersale-settings', () => import('../screens/aftersale/settings.tsx')),
  screen('money', () => import('../screens/settlement/balances.tsx')),
  screen('payments', () => import('../screens/payments/payments.tsx')),
  screen('refunds', () => import('../screens/payments/refunds.tsx')),
  screen('personal-payments', () => import('../screens/personal-code/payments.tsx')),
  screen('personal-codes', () => import('../screens/personal-code/codes.tsx')),
  screen('settlement-items', () => import('../screens/settlement/items.tsx')),
  screen('statements', () => import('../screens/settlement/statements.tsx')),
  screen('statements/:statementId', () => import('../screens/settlement/statement.tsx')),
  screen('statements/:statementId/print', () => import('../screens/settlement/statement-print.tsx')),
  screen('invoices', () => import('../screens/invoices/invoices.tsx')),
  screen('books', () => import('../screens/books/stock-book.tsx')),
  screen('books/movements', () => import('../screens/books/movements.tsx')),
  screen('books/revenue', () => import('../screens/books/revenue-book.tsx')),
  screen('books/entries', () => import('../screens/books/entries.tsx')),
  screen('books/tax', () => import('../screens/books/tax-rates.tsx')),
  screen('reconciliation', () => import('../screens/reconciliation/days.tsx')),
  screen('ledger', () => import('../screens/reconciliation/ledger.tsx')),
  screen('ledger/:ledgerAccountId', () => import('../screens/reconciliation/ledger-account.tsx')),
  screen('orders/:orderId/money', () => import('../screens/reconciliation/order-money.tsx')),
  screen('differences', () => import('../screens/reconciliation/differences.tsx')),
  screen('differences/:differenceId', () => import('../screens/reconciliation/difference.tsx')),
  screen('withdrawals', () => import('../screens/settlement/withdrawals.tsx')),
  screen('withdrawals/:withdrawalId', () => import('../screens/settlement/withdrawal.tsx')),
  screen('freezes', () => import('../screens/settlement/freezes.tsx')),
  screen('freezes/:freezeId', () => import('../screens/settlement/freeze.tsx')),
  screen('deposits', () => import('../screens/settlement/deposits.tsx')),
  screen('pages', () => import('../screens/pages/list.tsx')),
  screen('pages/:pageId', () => import('../screens/pages/editor.tsx')),
  screen('look', () => import('../screens/look/look.tsx')),
  screen('settings', () => import('../screens/settings/shop-settings.tsx')),
  screen('freight', () => import('../screens/settings/freight.tsx')),
  screen('parties', () => import('../screens/sharing/parties.tsx')),
  screen('parties/:partyId', () => import('../screens/sharing/party.tsx')),
  screen('contracts', () => import('../screens/sharing/contracts.tsx')),
  screen('shares', () => import('../screens/sharing/shares.tsx')),
  screen('accounts', () => import('../screens/accounts/accounts.tsx')),
  screen('staff', () => import('../screens/staff/staff.tsx')),
  screen('roles', () => import('../screens/staff/roles.tsx')),
  screen('approvals', () => import('../screens/approvals/approvals.tsx')),
  screen('audit', () => import('../screens/audit/audit.tsx')),
  { path: '*', element: <NotFoundPage /> },
]

export const router = createBrowserRouter(
  [
    {
      errorElement: <CrashPage />,
      hydrateFallbackElement: <Suspense fallback={null} />,
      children: [
        screen('sign-in', () => import('../screens/account/sign-in.tsx')),
        {
          element: <SignedIn />,
          errorElement: <CrashPage />,
          children: [
            { index: true, element: <Home /> },
            { path: 'no-shop', element: <NoShopPage /> },
            {
              path: 's/:slug',
              element: <ShopArea />,
              errorElement: <CrashPage />,
              hydrateFallbackElement: <PageSkeleton />,
              children: shopScreens,
            },
            screen('platform/shops', () => import('../screens/platform/shops.tsx')),
            screen('platform/aftersale', () => import('../screens/platform/disputes.tsx')),
            screen('platform/merchants', () => import('../screens/platform/merchants.tsx')),
            screen('platform/freezes', () => import('../screens/platform/freezes.tsx')),
            screen('platform/settings', () => import('../screens/platform/platform-settings.tsx')),
          ],
        },
        { path: '*', element: <NotFoundPage /> },
      ],
    },
  ],
  { basename: BASE },
)

/** Leads to sign-in and back to where one was, when the server says that the session is over. */
listenForSignOut((error) => {
  const { pathname: address, search } = router.state.location
  // The router's own state has addresses with the base in front; those one navigates to have none.
  const pathname = address.startsWith(BASE) ? address.slice(BASE.length) || '/' : address
  if (pathname === '/sign-in') return
  forgetSession()
  const back = new URLSearchParams({
    to: pathname + search,
    ...(error.code === 'SESSION_EXPIRED' ? { expired: '1' } : {}),
  })
  void router.navigate(`/sign-in?${back}`, { replace: true })
})
