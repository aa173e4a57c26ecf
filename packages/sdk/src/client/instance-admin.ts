import type { AdminCall } from './admin-call.ts';
import { page } from './admin-answers.ts';
import type { Page } from './admin-answers.ts';
import { listing, making, reading, removing, setting } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { anything, boolean, list, object, optional, string, wholeNumber } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** How well an instance or an agent is: `healthy`, `degraded`, `unhealthy` or `unknown`. */
export interface InstanceHealth {
  readonly state: string;
  /** A code such as `probe.no-answer` or `lease.lapsed`, some with words after a colon. */
  readonly reason?: string | undefined;
  /** RFC 3339. */
  readonly since: string;
}

/** Something that an instance needs for its work, as it says. */
export interface InstanceDependency {
  readonly name: string;
  /** `healthy`, `degraded` or `unhealthy`. */
  readonly state: string;
  readonly reason?: string | undefined;
  /** Without it the instance can do nothing. */
  readonly required?: boolean | undefined;
}

/** Where an agent runs. Times are RFC 3339. */
export interface Instance {
  readonly instanceId: string;
  readonly agent: string;
  readonly url: string;
  readonly protocolVersion: string;
  readonly protocolBinding: string;
  /** Who placed it: `card`, `api`, or `self`. */
  readonly source: string;
  readonly registeredBy?: string | undefined;
  /** Which version of the agent runs there. */
  readonly version?: string | undefined;
  readonly region?: string | undefined;
  /** Tasks that it works on at once. */
  readonly slotsMax?: number | undefined;
  /** Its share of the traffic against the agent's other instances; 0 to 1000. */
  readonly weight: number;
  /** Whether it takes new tasks: `active`, `draining` or `quarantined`. */
  readonly admission: {
    readonly state: string;
    readonly reason?: string | undefined;
    readonly by?: string | undefined;
    readonly since: string;
  };
  readonly health: InstanceHealth;
  /** Absent: it did not place itself. */
  readonly lease?:
    | {
        readonly leaseMs: number;
        readonly until: string;
        readonly heartbeatAt: string;
        readonly lapsed: boolean;
      }
    | undefined;
  readonly dependencies: readonly InstanceDependency[];
  readonly createdAt: string;
}

/** What became of an instance. */
export interface InstanceEvent {
  readonly eventId: string;
  /** `registered`, `left`, `changed`, `admission` or `health`. */
  readonly kind: string;
  readonly state?: string | undefined;
  readonly reason?: string | undefined;
  /** Absent: the platform found it. */
  readonly actor?: string | undefined;
  readonly occurredAt: string;
}

/** How well an agent is, in sum and instance by instance. */
export interface AgentHealth {
  readonly state: string;
  /** Instances that take new tasks and are not unhealthy. */
  readonly available: number;
  readonly instances: readonly {
    readonly instanceId: string;
    readonly version?: string | undefined;
    readonly region?: string | undefined;
    readonly admission: string;
    readonly health: InstanceHealth;
    readonly dependencies: readonly InstanceDependency[];
  }[];
}

/** What can be said of an instance. */
export interface InstanceTerms {
  readonly version?: string;
  readonly region?: string;
  readonly slotsMax?: number;
}

/** Where an instance is, and what is said of it. */
export interface InstancePlace extends InstanceTerms {
  readonly url: string;
  /** `JSONRPC`, the default, `HTTP+JSON` or `GRPC`. */
  readonly protocolBinding?: string;
  /** Of A2A; default 1.0. */
  readonly protocolVersion?: string;
}

/** What an instance says of itself. */
export interface InstanceReport {
  /** `healthy`, the default, `degraded` or `unhealthy`. */
  readonly state?: 'healthy' | 'degraded' | 'unhealthy';
  readonly reason?: string;
  readonly dependencies?: readonly InstanceDependency[];
}

/** A lease after a heartbeat. */
export interface InstanceLease {
  readonly leaseMs: number;
  /** RFC 3339, by the clock of the platform's database. */
  readonly leaseUntil: string;
  readonly admission: string;
}

/** How the instances of an agent are probed. */
export interface ProbePolicy {
  /** `wire`, `http`, `tcp` or `none`. */
  readonly kind: string;
  /** Of kind `http`. */
  readonly path?: string | undefined;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly unhealthyAfter: number;
  readonly healthyAfter: number;
}

/** The instances of a tenant's agents, and their health. */
export interface InstanceAdmin {
  /** Registers one that stays until it is removed. */
  add(agent: string, instance: InstancePlace & { readonly weight?: number }): Promise<Instance>;
  list(agent: string, page?: PageRequest): Promise<Page<Instance>>;
  get(agent: string, instanceId: string): Promise<Instance>;
  /** What is left out stays; null takes it away. */
  change(
    agent: string,
    instanceId: string,
    change: { readonly [Name in keyof InstanceTerms]: InstanceTerms[Name] | null } & { readonly weight?: number },
  ): Promise<Instance>;
  /** It gets nothing new; what it works on goes on. */
  remove(agent: string, instanceId: string): Promise<void>;
  drain(agent: string, instanceId: string, reason?: string): Promise<Instance>;
  undrain(agent: string, instanceId: string): Promise<Instance>;
  quarantine(agent: string, instanceId: string, reason: string): Promise<Instance>;
  release(agent: string, instanceId: string): Promise<Instance>;
  /** Newest first. */
  events(agent: string, instanceId: string, page?: PageRequest): Promise<Page<InstanceEvent>>;
  health(agent: string): Promise<AgentHealth>;
  probePolicy(agent: string): Promise<ProbePolicy & { readonly own: boolean }>;
  /** Null: as the platform does by default. */
  setProbePolicy(agent: string, policy: ProbePolicy | null): Promise<ProbePolicy & { readonly own: boolean }>;
  /** For an instance itself: registers it with a lease. */
  serve(agent: string, instance: InstancePlace & { readonly leaseMs?: number }): Promise<Instance>;
  /** For an instance itself: renews its lease. */
  renew(agent: string, instanceId: string, report: InstanceReport, signal?: AbortSignal): Promise<InstanceLease>;
  /** For an instance itself: it gets nothing new from now on. */
  leave(agent: string, instanceId: string): Promise<void>;
}

const health: Reader<InstanceHealth> = object<InstanceHealth>({
  state: string,
  reason: optional(string),
  since: string,
});
const dependency = object<InstanceDependency>({
  name: string,
  state: string,
  reason: optional(string),
  required: optional(boolean),
});
const instance: Reader<Instance> = object<Instance>({
  instanceId: string,
  agent: string,
  url: string,
  protocolVersion: string,
  protocolBinding: string,
  source: string,
  registeredBy: optional(string),
  version: optional(string),
  region: optional(string),
  slotsMax: optional(wholeNumber),
  weight: wholeNumber,
  admission: object<Instance['admission']>({
    state: string,
    reason: optional(string),
    by: optional(string),
    since: string,
  }),
  health,
  lease: optional(
    object<NonNullable<Instance['lease']>>({
      leaseMs: wholeNumber,
      until: string,
      heartbeatAt: string,
      lapsed: boolean,
    }),
  ),
  dependencies: list(dependency),
  createdAt: string,
});
const event: Reader<InstanceEvent> = object<InstanceEvent>({
  eventId: string,
  kind: string,
  state: optional(string),
  reason: optional(string),
  actor: optional(string),
  occurredAt: string,
});
const agentHealth: Reader<AgentHealth> = object<AgentHealth>({
  state: string,
  available: wholeNumber,
  instances: list(
    object<AgentHealth['instances'][number]>({
      instanceId: string,
      version: optional(string),
      region: optional(string),
      admission: string,
      health,
      dependencies: list(dependency),
    }),
  ),
});
const lease: Reader<InstanceLease> = object<InstanceLease>({
  leaseMs: wholeNumber,
  leaseUntil: string,
  admission: string,
});
const policy = object<ProbePolicy & { readonly own: boolean }>({
  kind: string,
  path: optional(string),
  intervalMs: wholeNumber,
  timeoutMs: wholeNumber,
  unhealthyAfter: wholeNumber,
  healthyAfter: wholeNumber,
  own: boolean,
});

/** The part of the admin client that is about instances, at the path of a tenant. */
export function instanceAdmin(call: AdminCall, base: string): InstanceAdmin {
  const agentPath = (agent: string): string => `${base}/agents/${encodeURIComponent(agent)}`;
  const path = (agent: string, id: string): string => `${agentPath(agent)}/instances/${encodeURIComponent(id)}`;
  const leased = (agent: string, id: string): string =>
    `${agentPath(agent)}/leased-instances/${encodeURIComponent(id)}`;
  return {
    add: (agent, body) => call({ ...making(`${agentPath(agent)}/instances`, body), read: instance }),
    list: (agent, query = {}) => call({ ...listing(`${agentPath(agent)}/instances`, query), read: page(instance) }),
    get: (agent, id) => call({ ...reading(path(agent, id)), read: instance }),
    change: (agent, id, change) => call({ ...setting(path(agent, id), change), read: instance }),
    async remove(agent, id) {
      await call({ ...removing(path(agent, id)), read: anything });
    },
    drain: (agent, id, reason) =>
      call({ ...setting(`${path(agent, id)}/drain`, reason === undefined ? {} : { reason }), read: instance }),
    undrain: (agent, id) => call({ ...removing(`${path(agent, id)}/drain`), read: instance }),
    quarantine: (agent, id, reason) =>
      call({ ...setting(`${path(agent, id)}/quarantine`, { reason }), read: instance }),
    release: (agent, id) => call({ ...removing(`${path(agent, id)}/quarantine`), read: instance }),
    events: (agent, id, query = {}) => call({ ...listing(`${path(agent, id)}/events`, query), read: page(event) }),
    health: (agent) => call({ ...reading(`${agentPath(agent)}/health`), read: agentHealth }),
    probePolicy: (agent) => call({ ...reading(`${agentPath(agent)}/probe`), read: policy }),
    setProbePolicy: (agent, wanted) =>
      wanted === null
        ? call({ ...removing(`${agentPath(agent)}/probe`), read: policy })
        : call({ ...setting(`${agentPath(agent)}/probe`, wanted), read: policy }),
    // Doing it twice is as good as once: the address finds the instance that it made.
    serve: (agent, body) =>
      call({ ...making(`${agentPath(agent)}/leased-instances`, body), repeatable: true, read: instance }),
    renew: (agent, id, report, signal) =>
      call({ ...setting(`${leased(agent, id)}/heartbeat`, report), signal, read: lease }),
    async leave(agent, id) {
      await call({ ...removing(leased(agent, id)), read: anything });
    },
  };
}
