import type { TenantId } from '../../kernel/ids.ts';
import type { OutboxEvent } from '../../kernel/outbox-event.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { AlertKind, CheckedWindow, CreditAlert, CreditState, DueAlert } from './alert.ts';

/** Alerts of a tenant, as its administrators see them. Rejects with `platform.unavailable` while the database is away. */
export interface AlertReader {
  /** Newest first; of one kind, or of all when it is null. */
  list(tenantId: TenantId, kind: AlertKind | null, page: PageRequest): Promise<Page<CreditAlert>>;
}

/** An alert with its audit entry and its event. */
export interface NewAlert {
  readonly alert: DueAlert;
  readonly entry: NewAuditEntry;
  /** Null where the cause has its event already. */
  readonly event: OutboxEvent | null;
}

/** The duty's view of alerts. */
export interface AlertStore {
  /** Tenants with something to check, in the order of their ids, after this one; null: from the first. */
  findTenants(after: TenantId | null, tenantsMax: number): Promise<readonly TenantId[]>;
  /** Amounts are those of one snapshot. */
  readState(tenantIds: readonly TenantId[]): Promise<CreditState>;
  /** Those of `alerts` that were not raised before. */
  dropRaised(alerts: readonly DueAlert[]): Promise<readonly DueAlert[]>;
  /** Raises alerts of one tenant in one transaction with their entries and events; the ids of those that no other process raised before. */
  raise(tenantId: TenantId, alerts: readonly NewAlert[]): Promise<readonly string[]>;
  /** Notes what each window of one tenant has left now, from which its burn rate is measured next. */
  sample(windows: readonly CheckedWindow[]): Promise<void>;
}
