import type { NodeId, TaskId, TenantId } from '../../kernel/ids.ts';

/** A task that a node has claimed, with the next attempt. */
export interface TakenTask {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly attempt: number;
  /** How many nodes died while they worked on the newest message; retired nodes are not counted. */
  readonly takeovers: number;
}

/** A task that waits for its caller, as it was found. */
export type WaitingTask = Pick<TakenTask, 'tenantId' | 'taskId' | 'attempt'>;

/** The position from which the next page of waiting tasks continues: after the last task of this page. */
export interface WaitingPlace {
  /** Since when the task waits, or its deadline, as the store writes it; equal times are equal text. */
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
  /** Tasks of this node that have a cancel request. */
  findCancelRequests(nodeId: NodeId): Promise<readonly TaskId[]>;
  /** Every task that this node holds a lease on. */
  findOwnTasks(nodeId: NodeId): Promise<readonly TaskId[]>;
  /** Up to `limit` tasks that wait for their callers and have done so for `waitedMs`, longest first, after a place or from the first on. */
  findWaitingTasks(waitedMs: number, limit: number, after: WaitingPlace | null): Promise<readonly PlacedTask[]>;
  /**
   * Up to `limit` tasks that wait for an authorization and whose agents are due to be asked whether they go on. The claim schedules the next check of
   * each task, `limits.accessCheckMsMin` to `accessCheckMsMax` later, so that no other process checks at the same time.
   */
  claimAccessChecks(limit: number): Promise<readonly WaitingTask[]>;
  /** Claims tasks of this node again, with the next attempt each; tasks that it no longer holds are left out. */
  reclaim(nodeId: NodeId, taskIds: readonly TaskId[]): Promise<readonly TakenTask[]>;
  /** Declares that this node stops in good order; other nodes can take over its tasks at once. */
  retire(nodeId: NodeId): Promise<void>;
  /** How many other nodes are alive; decides whether notifications are sent. */
  countOthers(nodeId: NodeId): Promise<number>;
}
