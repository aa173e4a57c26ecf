import type { AgentId, InstanceId, NodeId, TenantId } from '../../kernel/ids.ts';
import type { PlacedTask, TakenTask, WaitingPlace } from './node-store.ts';

/** The queue of one agent, as it was found. */
export interface QueueState {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  /** Tasks that wait. */
  readonly queued: number;
  /** Since when the next one of them can be claimed, in milliseconds of the database's time; later than `foundAtMs` while it is put off. */
  readonly nextSinceMs: number;
  /** The database's time when it was found. */
  readonly foundAtMs: number;
  /** How many tasks more the agent would work on now; null for no bound. */
  readonly free: number | null;
}

/** An agent whose queue is claimed from, and its instances in the order in which they get new tasks. */
export interface ClaimedQueue {
  readonly agentId: AgentId;
  readonly instances: readonly {
    readonly instanceId: InstanceId;
    /** Takes new tasks. An instance that is not open only takes further messages to tasks that it knows. */
    readonly isOpen: boolean;
  }[];
}

/** A task claimed from the queue of an agent. */
export interface ClaimedTask extends TakenTask {
  readonly agentId: AgentId;
}

/** What to claim in one tenant. */
export interface QueueClaim {
  readonly queues: readonly ClaimedQueue[];
  /** At most so many tasks, of all these queues together. */
  readonly limit: number;
}

/**
 * The queues in the database. Promises of an implementation: no task is claimed twice, none beyond the slots of its agent and instance,
 * none past its deadline; what is claimed has the next fencing number and is under the lease of the claiming node.
 */
export interface TaskQueueStore {
  /** Every queue that is not empty, of every tenant, at most `limit`. */
  findQueues(limit: number): Promise<readonly QueueState[]>;
  /** Claims what is next, in the order of the ranks over all the queues that are named. */
  claim(tenantId: TenantId, nodeId: NodeId, claim: QueueClaim): Promise<readonly ClaimedTask[]>;
  /** Up to `limit` queued tasks of every tenant whose deadline has passed, longest first, after a place or from the first on. */
  findOverdue(limit: number, after: WaitingPlace | null): Promise<readonly PlacedTask[]>;
  /** Counts anew what slots are in use and how many tasks wait, where it differs; how many rows were wrong. */
  recount(): Promise<number>;
}
