import type { InstanceId, TenantId } from '../../kernel/ids.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type {
  InstanceAdmission,
  InstanceEvent,
  InstanceSettings,
  NewInstance,
  RegisteredInstance,
} from './instance.ts';

/** Which instance of which agent. */
export interface InstanceAddress {
  readonly tenantId: TenantId;
  readonly agentName: string;
  readonly instanceId: InstanceId;
}

/** What came of a registration: the instance's id, which is another than the wished one where the address was known, or why there is none. */
export type Placement = InstanceId | 'agent-unknown' | 'exists' | 'too-many';

/** Terms that somebody set; null clears one. */
export type InstanceChange = Partial<InstanceSettings & { readonly weight: number }>;

/** A change of admission. */
export interface AdmissionChange {
  readonly state: InstanceAdmission;
  readonly reason: string | null;
  readonly by: string;
  /** The states that it may be changed from; in another one nothing is written. */
  readonly from: readonly InstanceAdmission[];
}

/**
 * Durable instances. Promises of an implementation: a change, its event and its audit entry are one transaction; every process routes by
 * it within `limits.routeRefreshMs`, and as a rule at once; nothing shows an instance of another tenant, of a deregistered agent, or one that left.
 */
export interface InstanceStore {
  /**
   * Places an instance. One that left comes back under its id; so does one that places itself where its agent's card had placed it, where the
   * same principal had, or where a lease has lapsed. Only the entry is written, as refused, when nothing is placed.
   */
  place(tenantId: TenantId, agentName: string, instance: NewInstance, entry: NewAuditEntry): Promise<Placement>;
  /** In the order of their ids, after the id `page.after`. Null when the tenant has no such agent. */
  list(tenantId: TenantId, agentName: string, page: PageRequest): Promise<readonly RegisteredInstance[] | null>;
  /** Null when the agent has no such instance. */
  find(address: InstanceAddress): Promise<RegisteredInstance | null>;
  /** False when there is no such instance. */
  change(address: InstanceAddress, change: InstanceChange, entry: NewAuditEntry): Promise<boolean>;
  /** The state that the instance had; null when there is no such instance. */
  admit(
    address: InstanceAddress,
    change: AdmissionChange,
    entry: NewAuditEntry,
  ): Promise<{ readonly before: InstanceAdmission } | null>;
  /** Takes an instance out: nothing new finds it, and what it works on goes on. With `owner` only one that this principal placed itself. */
  remove(address: InstanceAddress, owner: string | null, entry: NewAuditEntry): Promise<boolean>;
  /** Newest first; before the event id `page.after`. At most `limits.instanceEventsMax` are kept of an instance. */
  listEvents(address: InstanceAddress, page: PageRequest): Promise<readonly InstanceEvent[]>;
}
