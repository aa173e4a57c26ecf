import type { InstanceId } from '../../kernel/ids.ts';
import type { AgentWire } from '../registry/index.ts';
import type { Dependency, HealthState } from './health.ts';

/** Who placed an instance: the agent's card, somebody by the API, or the agent itself, which then renews a lease. */
export type InstanceSource = 'card' | 'api' | 'self';

/** Whether an instance takes new tasks. One that left, or whose lease has lapsed, counts as draining: what it works on may still end. */
export type InstanceAdmission = 'active' | 'draining' | 'quarantined';

/** What can be said of an instance beside its address. Null: nobody said. */
export interface InstanceSettings {
  /** Which version of the agent runs there, in the words of whoever placed it. */
  readonly version: string | null;
  readonly region: string | null;
  /** How many tasks it works on at once. */
  readonly slotsMax: number | null;
}

/** The lease of an instance that placed itself. Times are the database's. */
export interface InstanceLease {
  readonly leaseMs: number;
  readonly until: Date;
  readonly heartbeatAt: Date;
  readonly isLapsed: boolean;
}

/** An instance as its tenant may see it. */
export interface RegisteredInstance extends InstanceSettings {
  readonly instanceId: InstanceId;
  readonly agentName: string;
  readonly url: string;
  readonly wire: AgentWire;
  readonly routingTag: string | null;
  readonly source: InstanceSource;
  /** Id of the principal that placed it; null for one that its agent's card placed. */
  readonly registeredBy: string | null;
  /** Its share of the traffic against its agent's other instances; 0 to 1000. */
  readonly weight: number;
  readonly admission: {
    readonly state: InstanceAdmission;
    readonly reason: string | null;
    /** Id of the principal that set it; null: nobody had to. */
    readonly by: string | null;
    readonly since: Date;
  };
  readonly health: { readonly state: HealthState; readonly reason: string | null; readonly since: Date };
  /** Null for an instance that did not place itself. */
  readonly lease: InstanceLease | null;
  readonly probe: { readonly at: Date | null; readonly tookMs: number | null; readonly nextAt: Date | null };
  /** What it said last of what it depends on. */
  readonly dependencies: readonly Dependency[];
  readonly createdAt: Date;
}

/** An instance as it is written. */
export interface NewInstance extends InstanceSettings {
  readonly instanceId: InstanceId;
  readonly url: string;
  readonly wire: AgentWire;
  readonly routingTag: string | null;
  /** Null for the default; one that is there already keeps its own. */
  readonly weight: number | null;
  readonly registeredBy: string;
  /** Null: it is placed by the API and stays until it is removed. */
  readonly leaseMs: number | null;
  /** What it begins with; one that is there already keeps its own, but for a drain that it left by. */
  readonly admission: { readonly state: 'active' | 'quarantined'; readonly reason: string | null };
}

/** What became of an instance. */
export interface InstanceEvent {
  readonly eventId: string;
  readonly kind: 'registered' | 'left' | 'changed' | 'admission' | 'health';
  /** The state after it, of an admission or of the health; null for other kinds. */
  readonly state: string | null;
  readonly reason: string | null;
  /** Id of the principal that did it; null: the platform found it. */
  readonly actorId: string | null;
  readonly occurredAt: Date;
}
