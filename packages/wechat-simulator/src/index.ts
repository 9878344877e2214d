export type { SimulatorCredentials, SimulatorEnv } from './credentials.ts'
export type { Course } from './express/journey.ts'
export type { Parcel } from './express/parcels.ts'
export {
  CALL_FAULTS,
  type Chaos,
  type ChaosInput,
  type FaultInput,
  type FaultKind,
  NOTICE_FAULTS,
  RESULT_FAULTS,
} from './faults.ts'
export type { Message } from './messages.ts'
export type { Template } from './open/subscribe.ts'
export type { Flow, Merchant } from './pay/accounts.ts'
export { type Attempt, type Notification, RETRY_DELAYS_MS, TRANSFER_RETRY_DELAYS_MS } from './pay/notifications.ts'
export type { Order } from './pay/orders.ts'
export { type PayInput, type PaymentRequest, PhoneRefusal } from './pay/phone-payment.ts'
export type { Refund } from './pay/refunds.ts'
export type { SplitReturn } from './pay/split-returns.ts'
export type { Split, SplitReceiver } from './pay/splits.ts'
export type { Transfer } from './pay/transfers.ts'
export type { Person } from './people.ts'
export type { Settings } from './settings.ts'
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts'
