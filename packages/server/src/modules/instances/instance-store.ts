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

/** An instance by its tenant, agent and id. */
export interface InstanceAddress {
  readonly tenantId: TenantId;
  readonly agentName: string;
  readonly instanceId: InstanceId;
}

/** The outcome of a registration: the instance's id, which is the existing one when the address is known, or the reason of the refusal. */
export type Placement = InstanceId | 'agent-unknown' | 'exists' | 'too-many';

/** Changed settings; null clears one. */
export type InstanceChange = Partial<InstanceSettings & { readonly weight: number }>;

/** A change of admission. */
export interface AdmissionChange {
  readonly state: InstanceAdmission;
  readonly reason: string | null;
  readonly by: string;
  /** The states that the change applies to; in any other state nothing is written. */
  readonly from: readonly InstanceAdmission[];
}

/**
 * Durable instances. Promises of an implementation: a change, its event and its audit entry are one transaction; every process routes by
 * it within `limits.routeRefreshMs`, usually at once; no method shows an instance of another tenant, of a deregistered agent, or one that left.
 */
export interface InstanceStore {
  /**
   * Registers an instance. An instance that left returns under its id. So does one that registers itself at an address where the card, the
   * same principal or an expired lease had an instance. On a refusal only the entry is written, as refused.
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
  /** Removes an instance: it takes no new task, and its open tasks go on. With `owner`, only one that this principal registered. */
  remove(address: InstanceAddress, owner: string | null, entry: NewAuditEntry): Promise<boolean>;
  /** Newest first; before the event id `page.after`. At most `limits.instanceEventsMax` events are stored for an instance. */
  listEvents(address: InstanceAddress, page: PageRequest): Promise<readonly InstanceEvent[]>;
}
