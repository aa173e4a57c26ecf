import type { MirrorSends } from './send/mirror-sends.ts';
import type { Bulkheads } from './run/bulkheads.ts';
import type { TaskRuns } from './run/task-runs.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { AgentId, IdSource, NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import type { CallerStatusWatch } from '../access/index.ts';
import type { LimitedAgent, LimitedCaller, SendTicket } from '../limits/index.ts';
import type { ResultCache } from '../results/index.ts';
import type {
  ContextPlaces,
  InstanceChooser,
  Route,
  RoutedTasks,
  RouteCache,
  SchemaFit,
  SkillChooser,
  SkillOfferStore,
} from '../routing/index.ts';
import type { DraftPorts, PushSubscriptionStore } from '../deliveries/index.ts';
import type { TaskLog, TaskRow, TaskStore } from '../tasks/index.ts';

/** Signs page tokens so that only the list that made one accepts it. */
export interface PageTokenSigner {
  sign(payload: string): string;
  /** The payload, or null for a token that this platform did not make. */
  verify(token: string): string | null;
}

/** A context as its caller named it. Two callers may choose the same id. */
export type CallerContext = Pick<TaskRow, 'tenantId' | 'ownerId' | 'contextId'>;

/**
 * The id under which agents know a context: the same in every process and after every restart, different for every tenant, owner and caller's
 * id, and it reveals none of them.
 */
export type AgentContextId = (context: CallerContext) => string;

/** What push subscriptions need. */
export interface PushPorts extends Pick<DraftPorts, 'addresses' | 'secretBox'> {
  readonly subscriptions: PushSubscriptionStore;
  /** The task has a subscription from now on: this process delivers its events soon. */
  readonly follow: (taskId: TaskId) => void;
}

/** Checks sends against the limits of the caller and of the agent. */
export interface SendLimiter {
  /** Counts a send. Throws `request.rate-limited` and `limits.quota-used`. */
  admitSend(caller: LimitedCaller, agent: LimitedAgent): SendTicket;
  /** Uncounts a send for which nothing was recorded. */
  refundSend(ticket: SendTicket): void;
}

/** The content of a forward token that this platform has signed, expired or not. */
export interface ForwardedTasks {
  /** The address of the agent, or of the receiver of notifications. */
  readonly audience: string;
  /** The tenant's slug; its id in a token for a receiver of notifications. */
  readonly tenant: string;
  readonly taskIds: readonly string[];
}

/** Verifies signature and issuer of a forward token; null for a token that this platform has not signed as one. */
export type ForwardTokenReader = (token: string) => Promise<ForwardedTasks | null>;

/** Is notified that a task of an agent may be claimable. */
export interface QueueNotifications {
  notify(tenantId: TenantId, agent: Pick<Route, 'agentId' | 'agentName'>): void;
}

/** What the router finds skills with. */
export interface RouterPorts {
  readonly offers: SkillOfferStore;
  readonly fits: SchemaFit;
  /** Null: the text search decides alone. */
  readonly chooser: SkillChooser | null;
}

/** What the operations of the gateway need. */
export interface GatewayPorts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly routes: RouteCache;
  readonly instances: InstanceChooser;
  readonly contexts: ContextPlaces;
  readonly router: RouterPorts;
  readonly routedTasks: RoutedTasks;
  readonly bulkheads: Bulkheads;
  /** How long the oldest queued task of the agent has waited, in milliseconds; null when none waits. */
  readonly queueAgeMs: (agentId: AgentId) => number | null;
  readonly mirrors: MirrorSends;
  readonly limiter: SendLimiter;
  readonly results: ResultCache;
  readonly store: TaskStore;
  readonly log: TaskLog;
  /** Ends the views of readers whose rights are revoked. */
  readonly statuses: Pick<CallerStatusWatch, 'follow'>;
  readonly runs: TaskRuns;
  readonly pageTokens: PageTokenSigner;
  readonly readForwardToken: ForwardTokenReader;
  readonly agentContextId: AgentContextId;
  readonly push: PushPorts;
  readonly queue: QueueNotifications;
  /** The node that new tasks are recorded under. Throws `platform.unavailable` while this process holds no lease. */
  readonly nodeId: () => NodeId;
  readonly announce: (taskId: TaskId) => void;
}

/** An agent's public address: `/t/{tenantSlug}/agents/{agentName}`; with `routerName` for a name, that of the router. */
export interface AgentAddress {
  readonly tenantSlug: string;
  readonly agentName: string;
}

/** One event as it goes to the wire: `json` is an A2A 1.0 StreamResponse. */
export interface StreamedEvent {
  readonly seq: number;
  readonly json: string;
}

/** A live view of one task. Ending the iteration ends the view, never the task. */
export type TaskStream = AsyncIterable<readonly StreamedEvent[]>;
