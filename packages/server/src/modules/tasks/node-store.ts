import type { NodeId, TaskId, TenantId } from '../../kernel/ids.ts';

/** One task taken from a dead node, now under the taker's lease with the next fencing number. */
export interface TakenTask {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly attempt: number;
  /** How many nodes died while they worked on the present turn; those that left in good order are not counted. */
  readonly takeovers: number;
}

/** A task that waits for its caller, as it was found. */
export type WaitingTask = Pick<TakenTask, 'tenantId' | 'taskId' | 'attempt'>;

/** Where a look for tasks that wait goes on: after the last one that it found. */
export interface WaitingPlace {
  /** Since when it waits, or until when it was to be done, as the store writes it; equal places are equal text. */
  readonly since: string;
  readonly taskId: TaskId;
}

/** A task that waits, and where it was found. */
export type PlacedTask = WaitingTask & WaitingPlace;

/**
 * Liveness of our processes. All times are the database's. Marking a node dead and taking its tasks is one transaction, and a
 * dead node never returns.
 */
export interface NodeStore {
  register(nodeId: NodeId, hostName: string): Promise<void>;
  /** Renews the lease. False when the node was declared dead; it must stop writing and take a new id. */
  heartbeat(nodeId: NodeId): Promise<boolean>;
  /** Declares silent nodes dead and claims up to `limit` of their tasks for `nodeId`. */
  takeOver(nodeId: NodeId, deadAfterMs: number, limit: number): Promise<readonly TakenTask[]>;
  /** Tasks of this node that somebody wants canceled. */
  findCancelRequests(nodeId: NodeId): Promise<readonly TaskId[]>;
  /** Every task that this node holds a lease on. */
  findOwnTasks(nodeId: NodeId): Promise<readonly TaskId[]>;
  /** Up to `limit` tasks that wait for their callers and have done so for `waitedMs`, longest first, after a place or from the first on. */
  findWaitingTasks(waitedMs: number, limit: number, after: WaitingPlace | null): Promise<readonly PlacedTask[]>;
  /**
   * Up to `limit` tasks that wait for an authorization and whose agents are to be asked now whether they go on. The next look at each
   * is put off with that, from `limits.accessCheckMsMin` to `accessCheckMsMax`, so that no other process looks at the same time.
   */
  claimAccessChecks(limit: number): Promise<readonly WaitingTask[]>;
  /** Claims tasks of this node anew, with the next fencing number each; those it no longer holds are left out. */
  reclaim(nodeId: NodeId, taskIds: readonly TaskId[]): Promise<readonly TakenTask[]>;
  /** Says that this node leaves in good order; its remaining tasks can be taken at once. */
  retire(nodeId: NodeId): Promise<void>;
  /** How many other nodes are alive; decides whether hints are worth sending. */
  countOthers(nodeId: NodeId): Promise<number>;
}
