export { accountId, ensureAccounts, getBalances, setLimits } from './accounts.ts'
export { type AuditReport, auditLedger, type Deviation } from './audit.ts'
export { type ExpiredPending, expirePendings } from './expiry.ts'
export { historyOf, listTransfers, type TransferPage } from './history.ts'
export { createLane, type Lane, type LaneOptions } from './lane.ts'
export type { LaneStats, Percentiles } from './lane-stats.ts'
export {
  commandKey,
  createLedgerLane,
  type LedgerAnswer,
  type LedgerCommand,
  type LedgerLane,
  type LedgerLaneOptions,
} from './ledger-lane.ts'
export {
  type CodeSum,
  heldFor,
  type Interval,
  lockBalances,
  type Movement,
  moneyByCode,
  movementsAbout,
  movementsByIds,
  movementsOf,
  nextMovementAt,
} from './movements.ts'
export { refusalError } from './refusals.ts'
export { applyTransfers, transferOrThrow } from './transfers.ts'
export type {
  AccountSpec,
  Balance,
  GroupResult,
  PendingCommand,
  PostCommand,
  PostedCommand,
  Reference,
  Refusal,
  RefusalReason,
  Transfer,
  TransferCommand,
  TransferGroup,
  TransferKind,
  VoidCommand,
} from './types.ts'
