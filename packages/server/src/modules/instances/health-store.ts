import type { InstanceId, TenantId } from '../../kernel/ids.ts';
import type { AgentWire } from '../registry/index.ts';
import type { HealthFacts, HealthReport, JudgedHealth, ProbeFacts } from './health.ts';
import type { InstanceAddress } from './instance-store.ts';
import type { InstanceAdmission } from './instance.ts';
import type { ProbePolicy } from './probe-policy.ts';

/** An instance, whatever its agent. */
export interface InstancePlace {
  readonly tenantId: TenantId;
  readonly instanceId: InstanceId;
}

/** The facts about an instance as they are kept. A judgement by an older revision is refused. */
export interface StoredFacts extends HealthFacts {
  readonly revision: number;
  readonly health: JudgedHealth;
}

/** What a probe needs to know. */
export interface ProbeTarget extends StoredFacts {
  readonly url: string;
  readonly wire: AgentWire;
  /** Keys that the endpoint has to show; none: any will do. */
  readonly pinnedKeys: readonly string[];
  /** Null: the agent has none of its own. */
  readonly policy: ProbePolicy | null;
  /** A task went to it within `limits.instanceUseMs`. */
  readonly isUsed: boolean;
  /** Since the last probe; null for none. */
  readonly sinceLastMs: number | null;
}

/** New facts and what they amount to. */
export interface HealthChange {
  readonly revision: number;
  readonly probe: ProbeFacts;
  /** How long a probe took that was made just now; null: none was. */
  readonly probeMs: number | null;
  readonly report: HealthReport | null;
  /** Null: nothing new. */
  readonly outlier: { readonly reason: string; readonly count: number; readonly forMs: number } | null;
  readonly isLapsed: boolean;
  /** When the next probe is due, from now; null: as it was. */
  readonly nextProbeMs: number | null;
  readonly health: JudgedHealth;
}

/** The lease after a heartbeat. Times are the database's. */
export interface RenewedLease {
  readonly leaseMs: number;
  readonly until: Date;
  readonly admission: InstanceAdmission;
  readonly facts: StoredFacts;
}

/**
 * What is known of the health of instances. Promises of an implementation: a change of health and its event are one transaction, and reach
 * every process as a change of the route does; of two judgements by the same facts one is kept.
 */
export interface HealthStore {
  /** Takes probes that are due, each put off for so long that nobody else makes it meanwhile; of no tenant in `busyTenants`. */
  claimProbes(bounds: {
    readonly limit: number;
    readonly busyTenants: readonly TenantId[];
  }): Promise<readonly InstancePlace[]>;
  /** Null for an instance that left or whose agent is deregistered; it is not probed again. */
  loadTarget(place: InstancePlace): Promise<ProbeTarget | null>;
  /** Null when the instance left. */
  loadFacts(place: InstancePlace): Promise<StoredFacts | null>;
  /** False when the facts have changed meanwhile; then nothing is written. */
  write(place: InstancePlace, change: HealthChange): Promise<boolean>;
  /** Instances whose lease has ended and that nobody has judged since. */
  findLapsed(limit: number): Promise<readonly InstancePlace[]>;
  /** Renews the lease of an instance that `owner` placed; null when there is no such instance. */
  renew(address: InstanceAddress, owner: string): Promise<RenewedLease | null>;
  /** Tasks went to these instances: their probes are due within `withinMs`. */
  markUsed(places: readonly InstancePlace[], withinMs: number): Promise<void>;
}
