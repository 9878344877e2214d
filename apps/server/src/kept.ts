import type { KeptPage } from '../../storefront/src/web/fastify.ts'
import type { Engines } from './engines.ts'
import type { Answer } from './kernel/http/kept-answers.ts'
import { KeptValues } from './kernel/kept-values.ts'
import { OUTBOX_CHANNEL } from './kernel/outbox-bell.ts'

/**
 * What is written all the time and shown on no public page. Whatever is not named here, tables to come included, makes
 * kept answers be read anew. (Stock is: `ledger_accounts`.)
 */
const QUIET_TABLES: ReadonlySet<string> = new Set([
  ...['audit_log', 'idempotency_keys', 'job_schedules', 'outbox_cursors', 'outbox_events', 'outbox_parked'],
  ...['buyer_addresses', 'buyer_consents', 'buyer_identities', 'buyer_sessions', 'buyers', 'privacy_choices'],
  ...['staff', 'staff_sessions', 'staff_passkeys', 'staff_recovery_codes', 'staff_notes', 'staff_note_mentions'],
  ...['staff_step_ups', 'staff_sign_ins', 'parties', 'contracts', 'contract_versions', 'share_freezes'],
  ...['cart_lines', 'favourites', 'seen_products', 'share_links', 'restock_reminders', 'used_challenges'],
  ...['channel_touches', 'channel_visits'],
  ...[
    'orders',
    'order_lines',
    'order_adjustments',
    'order_timeline',
    'order_notices',
    'order_deliveries',
    'order_purchase_limits',
  ],
  ...['aftersale_cases', 'aftersale_lines', 'aftersale_timeline', 'aftersale_policies'],
  ...['order_exceptions', 'order_exception_history', 'payments', 'refunds', 'notices', 'notice_grants'],
  ...['shipments', 'shipment_lines', 'shipment_reports', 'parcels', 'parcel_lines', 'parcel_events', 'parcel_tracks'],
  ...['order_money', 'order_shares', 'order_party_shares', 'splits', 'split_receivers', 'split_returns'],
  ...['ledger_transfers', 'ledger_pendings', 'stock_movements', 'search_queries', 'search_counts'],
  ...[
    'settlement_merchants',
    'settlement_items',
    'statement_periods',
    'statements',
    'statement_lines',
    'payout_accounts',
    'withdrawals',
  ],
  ...['freezes', 'freeze_parts', 'freeze_events', 'deposit_entries'],
  ...['reconciliation_days', 'reconciliation_differences', 'bill_lines'],
  ...['raw_behaviour_events', 'raw_domain_events', 'review_invitations', 'review_reports', 'list_exports'],
])

/** Jobs have a schema of their own. */
const isShown = (table: string): boolean => !QUIET_TABLES.has(table) && !table.includes('.')

const MAX_ANSWER_BYTES = 32 * 1024 * 1024
const MAX_PAGE_BYTES = 16 * 1024 * 1024
/** Campaigns, prices and pages begin and end on whole seconds. */
const WINDOW_MS = 1_000

/** Answers and pages kept for visitors, told of every commit of this process and of the events of the others. */
export function keepForVisitors({ db, clock, eventListener }: Pick<Engines, 'db' | 'clock' | 'eventListener'>) {
  const answers = new KeptValues<Answer>({
    clock,
    sizeOf: ({ bytes }) => bytes.length,
    maxBytes: MAX_ANSWER_BYTES,
    windowMs: WINDOW_MS,
  })
  const pages = new KeptValues<KeptPage>({
    clock,
    sizeOf: ({ html }) => html.length * 2,
    maxBytes: MAX_PAGE_BYTES,
    windowMs: WINDOW_MS,
  })
  const changed = () => {
    answers.changed()
    pages.changed()
  }
  const unhang = db.onWritten((tables) => {
    for (const table of tables) if (isShown(table)) return changed()
  })
  let listening: Promise<() => void> | undefined
  return {
    answers,
    pages,
    /** Hears of other processes from now on; before that, and where it cannot, answers are only as old as their age. */
    start(): void {
      listening = eventListener.listen(OUTBOX_CHANNEL, changed, changed)
      listening.catch(changed)
    },
    stop(): void {
      unhang()
      listening?.then(
        (unlisten) => unlisten(),
        () => {},
      )
    },
  }
}
