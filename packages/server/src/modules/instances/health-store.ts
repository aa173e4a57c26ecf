import type { InstanceId, TenantId } from '../../kernel/ids.ts';
import type { AgentWire } from '../registry/index.ts';
import type { HealthFacts, HealthReport, JudgedHealth, ProbeFacts } from './health.ts';
import type { InstanceAddress } from './instance-store.ts';
import type { InstanceAdmission } from './instance.ts';
import type { ProbePolicy } from './probe-policy.ts';

/** An instance by its tenant and id. */
export interface InstancePlace {
  readonly tenantId: TenantId;
  readonly instanceId: InstanceId;
}

/** The stored facts of an instance. A judgement by an older revision is refused. */
export interface StoredFacts extends HealthFacts {
  readonly revision: number;
  readonly health: JudgedHealth;
}

/** The input of a probe. */
export interface ProbeTarget extends StoredFacts {
  readonly url: string;
  readonly wire: AgentWire;
  /** Public keys that the endpoint must present one of; empty: any. */
  readonly pinnedKeys: readonly string[];
  /** Null: the agent has no policy of its own. */
  readonly policy: ProbePolicy | null;
  /** A task went to it within `limits.instanceUseMs`. */
  readonly isUsed: boolean;
  /** Time since the last probe; null for none. */
  readonly sinceLastMs: number | null;
}

/** New facts and the health judged from them. */
export interface HealthChange {
  readonly revision: number;
  readonly probe: ProbeFacts;
  /** Duration of the probe that was just made; null: there was none. */
  readonly probeMs: number | null;
  readonly report: HealthReport | null;
  /** Null: nothing new. */
  readonly outlier: { readonly reason: string; readonly count: number; readonly forMs: number } | null;
  readonly isLapsed: boolean;
  /** Time until the next probe; null: unchanged. */
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
 * Stores the health of instances. Promises of an implementation: a change of health and its event are one transaction, and reach every
 * process like a change of the route; of two judgements by the same facts one is stored.
 */
export interface HealthStore {
  /** Claims due probes for `limits.instanceProbeClaimMs`, so that no other worker makes them meanwhile. Skips `busyTenants`. */
  claimProbes(bounds: {
    readonly limit: number;
    readonly busyTenants: readonly TenantId[];
  }): Promise<readonly InstancePlace[]>;
  /** Null when the instance left or its agent is deregistered; then it is not probed again. */
  loadTarget(place: InstancePlace): Promise<ProbeTarget | null>;
  /** Null when the instance left. */
  loadFacts(place: InstancePlace): Promise<StoredFacts | null>;
  /** False when the facts have changed meanwhile; then nothing is written. */
  write(place: InstancePlace, change: HealthChange): Promise<boolean>;
  /** Instances whose lease has expired and that were not judged since. */
  findLapsed(limit: number): Promise<readonly InstancePlace[]>;
  /** Renews the lease of an instance that `owner` registered; null when there is no such instance. */
  renew(address: InstanceAddress, owner: string): Promise<RenewedLease | null>;
  /** Tasks went to these instances: their probes are due within `withinMs`. */
  markUsed(places: readonly InstancePlace[], withinMs: number): Promise<void>;
}
