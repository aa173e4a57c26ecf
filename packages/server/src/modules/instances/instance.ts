import type { InstanceId } from '../../kernel/ids.ts';
import type { AgentWire } from '../registry/index.ts';
import type { Dependency, HealthState } from './health.ts';

/** How an instance was registered: by the agent's card, through the API, or by itself, with a lease. */
export type InstanceSource = 'card' | 'api' | 'self';

/** Whether an instance takes new tasks. One that left, or whose lease has expired, counts as draining: its open tasks may still end. */
export type InstanceAdmission = 'active' | 'draining' | 'quarantined';

/** The settings of an instance besides its address. Null: not set. */
export interface InstanceSettings {
  /** The agent's version at this instance, as set at registration. */
  readonly version: string | null;
  readonly region: string | null;
  /** Concurrency limit of the instance. */
  readonly slotsMax: number | null;
}

/** The lease of an instance that registered itself. Times are the database's. */
export interface InstanceLease {
  readonly leaseMs: number;
  readonly until: Date;
  readonly heartbeatAt: Date;
  readonly isLapsed: boolean;
}

/** An instance as its tenant sees it. */
export interface RegisteredInstance extends InstanceSettings {
  readonly instanceId: InstanceId;
  readonly agentName: string;
  readonly url: string;
  readonly wire: AgentWire;
  readonly routingTag: string | null;
  readonly source: InstanceSource;
  /** Id of the principal that registered it; null for one from the agent's card. */
  readonly registeredBy: string | null;
  /** Relative share of the agent's traffic; 0 to 1000. */
  readonly weight: number;
  readonly admission: {
    readonly state: InstanceAdmission;
    readonly reason: string | null;
    /** Id of the principal that set it; null: the initial state. */
    readonly by: string | null;
    readonly since: Date;
  };
  readonly health: { readonly state: HealthState; readonly reason: string | null; readonly since: Date };
  /** Null for an instance without a lease. */
  readonly lease: InstanceLease | null;
  readonly probe: { readonly at: Date | null; readonly tookMs: number | null; readonly nextAt: Date | null };
  /** Dependencies in its last report. */
  readonly dependencies: readonly Dependency[];
  readonly createdAt: Date;
}

/** An instance as it is written. */
export interface NewInstance extends InstanceSettings {
  readonly instanceId: InstanceId;
  readonly url: string;
  readonly wire: AgentWire;
  readonly routingTag: string | null;
  /** Null: the default, or the weight of an existing instance. */
  readonly weight: number | null;
  readonly registeredBy: string;
  /** Null: registered through the API, and stays until it is removed. */
  readonly leaseMs: number | null;
  /** The initial admission. An existing instance keeps its own, except for a drain with which it left. */
  readonly admission: { readonly state: 'active' | 'quarantined'; readonly reason: string | null };
}

/** An event of an instance. */
export interface InstanceEvent {
  readonly eventId: string;
  readonly kind: 'registered' | 'left' | 'changed' | 'admission' | 'health';
  /** The new state, for admission and health; null for other kinds. */
  readonly state: string | null;
  readonly reason: string | null;
  /** Id of the acting principal; null: the platform. */
  readonly actorId: string | null;
  readonly occurredAt: Date;
}
