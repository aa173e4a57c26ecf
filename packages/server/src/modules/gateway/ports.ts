import type { MirrorSends } from './send/mirror-sends.ts';
import type { RouterPorts } from './send/router-ports.ts';
import type { Bulkheads } from './run/bulkheads.ts';
import type { TaskRuns } from './run/task-runs.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { AgentId, IdSource, NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import type { CallerStatusWatch } from '../access/index.ts';
import type { LimitedAgent, LimitedCaller, SendTicket } from '../limits/index.ts';
import type { ResultCache } from '../results/index.ts';
import type { ContextPlaces, InstanceChooser, Route, RoutedTasks, RouteCache } from '../routing/index.ts';
import type { DraftPorts, PushSubscriptionStore } from '../deliveries/index.ts';
import type { TaskLog, TaskStore } from '../tasks/index.ts';

/** Signs page tokens so that only the list that made one accepts it. */
export interface PageTokenSigner {
  sign(payload: string): string;
  /** The payload, or null for a token that this platform did not make. */
  verify(token: string): string | null;
}

/** What subscribing stands on. */
export interface PushPorts extends Pick<DraftPorts, 'addresses' | 'secretBox'> {
  readonly subscriptions: PushSubscriptionStore;
  /** The task has a subscription from now on: this process sees to it that it is told soon. */
  readonly follow: (taskId: TaskId) => void;
}

/** Judges sends by the limits of who sends and of the agent. */
export interface SendLimiter {
  /** Counts a send. Throws `request.rate-limited` and `limits.quota-used`. */
  admitSend(caller: LimitedCaller, agent: LimitedAgent): SendTicket;
  /** The send was none after all. */
  takeBack(ticket: SendTicket): void;
}

/** What a forward token of ours says, whether or not its time is over. */
export interface ForwardedTasks {
  /** The address that the agent was called at, or the receiver told. */
  readonly audience: string;
  /** Its slug; its id where a receiver of notifications was told. */
  readonly tenant: string;
  readonly taskIds: readonly string[];
}

/** Verifies signature and issuer of a forward token; null for whatever this platform has not signed as one. */
export type ForwardTokenReader = (token: string) => Promise<ForwardedTasks | null>;

/** Hears that something of an agent may be claimable. */
export interface QueueNotifications {
  notify(tenantId: TenantId, agent: Pick<Route, 'agentId' | 'agentName'>): void;
}

/** What the operations of the gateway stand on. */
export interface GatewayPorts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly routes: RouteCache;
  readonly instances: InstanceChooser;
  readonly contexts: ContextPlaces;
  readonly router: RouterPorts;
  readonly routedTasks: RoutedTasks;
  readonly bulkheads: Bulkheads;
  /** How long the oldest task of the agent that waits for a slot has waited, in milliseconds; null when none does. */
  readonly queueAgeMs: (agentId: AgentId) => number | null;
  readonly mirrors: MirrorSends;
  readonly limiter: SendLimiter;
  readonly results: ResultCache;
  readonly store: TaskStore;
  readonly log: TaskLog;
  /** Ends the views of readers whose rights fall. */
  readonly statuses: Pick<CallerStatusWatch, 'follow'>;
  readonly runs: TaskRuns;
  readonly pageTokens: PageTokenSigner;
  readonly readForwardToken: ForwardTokenReader;
  readonly push: PushPorts;
  readonly queue: QueueNotifications;
  /** The node new work is recorded under. Throws `platform.unavailable` while the lease is not held. */
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
