export { accountId, ensureAccounts, getBalances, setLimits } from './accounts.ts'
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
