/**
 * Every screen of the console by its path, those of a shop behind `/s/<shop>/`. The router takes only these, and the
 * walk for pictures and accessibility takes all of these, so that no screen is left out. A part with a colon is an id.
 */
export const SHOP_PATHS = [
  ...(['overview', 'products', 'products/new', 'products/:productId', 'price-rules', 'search-settings'] as const),
  ...(['members', 'bulk-edits', 'recycle-bin', 'completeness', 'tags', 'product-roles', 'categories'] as const),
  ...(['buyers', 'buyers/:buyerId'] as const),
  ...(['imports', 'imports/:importId', 'stock', 'movements', 'warehouses'] as const),
  ...(['orders', 'orders/:orderId', 'waves', 'waves/:waveId', 'scan', 'print', 'prints', 'routing'] as const),
  ...([
    'ship-files',
    'ship-files/:fileId',
    'shipments',
    'local',
    'pick-up',
    'delivery',
    'exceptions',
    'aftersale',
    'aftersale/:caseId',
    'aftersale-settings',
    'messages',
  ] as const),
  ...(['payments', 'refunds', 'personal-payments', 'personal-codes', 'invoices'] as const),
  ...(['money', 'settlement-items', 'statements', 'statements/:statementId', 'statements/:statementId/print'] as const),
  ...(['withdrawals', 'withdrawals/:withdrawalId', 'freezes', 'freezes/:freezeId', 'deposits'] as const),
  ...(['books', 'books/movements', 'books/revenue', 'books/entries', 'books/tax'] as const),
  ...(['reconciliation', 'differences', 'differences/:differenceId'] as const),
  ...(['ledger', 'ledger/:ledgerAccountId', 'orders/:orderId/money'] as const),
  ...(['pages', 'pages/:pageId', 'look'] as const),
  ...(['parties', 'parties/:partyId', 'contracts', 'shares'] as const),
  ...(['legal', 'reviews', 'settings', 'freight', 'accounts', 'staff', 'roles', 'approvals', 'audit'] as const),
] as const

/** Screens that belong to no shop. */
export const PLATFORM_PATHS = [
  'platform/shops',
  'platform/aftersale',
  'platform/merchants',
  'platform/freezes',
  'platform/settings',
] as const

/** Screens that need nobody to be signed in. */
export const OPEN_PATHS = ['sign-in'] as const

export type ShopPath = (typeof SHOP_PATHS)[number]
export type ScreenPath = ShopPath | (typeof PLATFORM_PATHS)[number] | (typeof OPEN_PATHS)[number]

type IdIn<Path> = Path extends `${string}:${infer Rest}` ? (Rest extends `${infer Id}/${string}` ? Id : Rest) : never

/** The ids that addresses of screens carry. */
export type ScreenId = IdIn<ShopPath>
