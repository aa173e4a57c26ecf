export { alertKinds } from './alert.ts';
export type {
  AlertFacts,
  AlertKind,
  CheckedWindow,
  CreditAlert,
  CreditState,
  DueAlert,
  FoundDrift,
  LowWallet,
} from './alert.ts';
export type { AlertReader, AlertStore, NewAlert } from './alert-store.ts';
export { listAlerts } from './list-alerts.ts';
export { raiseDueAlerts } from './raise-alerts.ts';
