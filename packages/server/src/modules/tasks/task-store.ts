import type { JsonObject, TaskState } from '@colloquy/protocol';
import type { AgentId, EntryId, InstanceId, NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { ChargedWindow, TaskBudgets } from '../budgets/index.ts';
import type { DelegationChain, DelegationParent, TaskDelegation } from './delegation-chain.ts';
import type { TaskCost } from './inspect-task.ts';
import type { NewPushSubscription } from './push-subscription.ts';
import type { TaskEvent, TaskEventDraft } from './task-event.ts';

/** A send as it is recorded: the task, its first event, its credit reservation and its idempotency key, all or nothing. */
export interface NewTask {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly contextId: string;
  readonly agentId: AgentId;
  /** As the caller addressed it; names what was refused. */
  readonly agentName: string;
  readonly instanceId: InstanceId;
  readonly ownerId: string;
  readonly requestId: string;
  readonly nodeId: NodeId;
  /** 32 hex digits each. */
  readonly keyHash: string;
  readonly fingerprint: string;
  readonly reserveMicrocredits: bigint;
  /** A routing decision as JSON. */
  readonly decision: string;
  /** The options beside the message, as JSON, for another node that sends the message again. Null for none. */
  readonly sendOptions: string | null;
  /** The first event: the submitted task as an A2A 1.0 StreamResponse. */
  readonly submitted: string;
  readonly statusAtMs: number;
  /** Delivers events from the first one on. */
  readonly subscription?: NewPushSubscription;
  /** The key is the caller's name for the task: kept as long as the task, not for a day. */
  readonly isNamed?: true;
  /** Present for a task that is delegated or has a budget. */
  readonly delegation?: TaskDelegation;
  /** Present when its tenant has budgets, also when none of them pays for it. */
  readonly budgets?: TaskBudgets;
  /** Present for a task that may wait in a queue: its agent has a concurrency limit, or it is retried later. */
  readonly queueing?: TaskQueueing;
  /** The audit entry of a replay, written with the task. The idempotency key is the id of the dead-lettered task. */
  readonly replayed?: NewAuditEntry;
  /** Its agent has a concurrency limit, and the task begins without a slot: it ends with a cached result, or its agent is not asked. */
  readonly needsNoSlot?: true;
}

/** How a task waits in the queue of its agent. */
export interface TaskQueueing {
  /** How far tier and priority put it behind tasks queued at the same moment; see `queueDelayMs`. */
  readonly delayMs: number;
  /** Null for none. */
  readonly deadlineAtMs: number | null;
}

/** The outcome of one recording. A refusal concerns that request alone, never others of its batch. */
export type RecordOutcome =
  | {
      readonly kind: 'recorded';
      /** The context began before agents got ids of the platform's making, and keeps the caller's. */
      readonly isContextUnmapped?: true;
      /** Every slot is in use, or other tasks wait: no node holds a lease on it until one claims it from the queue. */
      readonly isQueued?: true;
      /** What its delegation chain could still spend, when that has a budget. */
      readonly budgetLeft?: number;
    }
  | { readonly kind: 'known'; readonly taskId: TaskId; readonly sameRequest: boolean }
  | { readonly kind: 'insufficient'; readonly neededMicrocredits: bigint; readonly availableMicrocredits: bigint }
  | { readonly kind: 'agent-closed' }
  /** The budget of the delegation chain does not pay for it, or is less than the requested budget. */
  | { readonly kind: 'over-budget' }
  /** The window of a hard budget of the tenant does not pay for it. */
  | {
      readonly kind: 'budget-exceeded';
      readonly window: ChargedWindow;
      readonly neededMicrocredits: bigint;
      readonly leftMicrocredits: bigint;
    }
  /** The budgets of the tenant changed since the send was prepared. */
  | { readonly kind: 'outdated' };

/** The audit entry and the credits of a task's end. */
export interface TaskEnd {
  readonly closing: 'settle' | 'release' | 'expire';
  readonly errorCode: string | null;
  readonly auditId: EntryId;
  readonly auditAction: string;
  readonly auditOutcome: 'succeeded' | 'failed';
  /** The most that is settled; the rest of the reservation is released. Null: all of it is settled. */
  readonly priceMicrocredits: bigint | null;
  /** The price was measured and may be above the reservation: the overage policy of the tenant decides on the rest. Only with `closing: 'settle'`. */
  readonly isMetered?: true;
  /** What the task took, as JSON. Only with `isMetered`. */
  readonly usage?: string;
  /** The task is dead-lettered, and can be replayed. Never with `closing: 'settle'`. */
  readonly isDead?: true;
}

/** Events and, perhaps, a new state, written only if the lease still holds and the log still ends at `expectedSeq`. */
export interface TaskWrite {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  /** Null for a waiting task: no node holds a lease on it, and the expected sequence alone decides between two that would end it. */
  readonly nodeId: NodeId | null;
  readonly attempt: number;
  readonly expectedSeq: number;
  readonly events: readonly TaskEventDraft[];
  readonly state: TaskState | null;
  readonly statusAtMs: number | null;
  readonly upstreamTaskId: string | null;
  readonly end: TaskEnd | null;
  /** The task has a place in the slots or the queue of its agent, which it leaves when it rests. */
  readonly queuePlace?: 'held' | 'queued';
}

/** `written` also when an earlier attempt of the same write was committed. `stale`: another lease attempt owns the task. */
export type WriteOutcome = 'written' | 'stale';

/** `queued`: the message is on record, and waits for a free slot. */
export type ContinueOutcome = WriteOutcome | 'queued';

/** Puts a task that its agent has not answered back into the queue. */
export interface RequeueTask {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly nodeId: NodeId;
  readonly attempt: number;
  readonly expectedSeq: number;
  /** No node claims it before this time has passed. */
  readonly delayMs: number;
}

/** A task without its log. */
export interface TaskRow {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  /** As the caller chose it, or as the platform made it for a caller that chose none. */
  readonly contextId: string;
  /** The agent gets the caller's context id as it is: the task, or its context, was begun before agents got ids of the platform's making. */
  readonly isContextUnmapped: boolean;
  readonly agentId: AgentId;
  readonly instanceId: InstanceId;
  /** The fallback agent that works on it; null: the agent that it was sent to does. */
  readonly servedBy: AgentId | null;
  readonly ownerId: string;
  readonly requestId: string;
  readonly state: TaskState;
  readonly statusAtMs: number;
  readonly lastSeq: number;
  readonly nodeId: NodeId | null;
  readonly attempt: number;
  readonly upstreamTaskId: string | null;
  readonly cancelRequested: boolean;
  /** JSON as it was recorded. */
  readonly sendOptions: string | null;
  /** The prices that the task was recorded with, by agent; absent: the task costs what was reserved for it. */
  readonly prices?: JsonObject;
  readonly errorCode: string | null;
  /** Null for a task that is not delegated and has no budget. */
  readonly chain: DelegationChain | null;
  /** It waits in the queue of its agent: no node holds a lease on it, in any state. */
  readonly isQueued: boolean;
  /** It has, had or waits for slots, which are freed when it ends. */
  readonly isQueueable: boolean;
  /** While a node works on it: it holds slots. */
  readonly holdsSlots: boolean;
  /** How often it was given to its agent; null for a task that never waits in a queue. */
  readonly agentAttempts: number | null;
  readonly deadlineAtMs: number | null;
  readonly createdAtMs: number;
}

/** A position in the log of a task. */
export interface LogPosition {
  readonly taskId: TaskId;
  readonly seq: number;
}

/** Committed events that follow a position, oldest first: some of them, and whether there are more. */
export interface LogTail {
  readonly events: readonly TaskEvent[];
  readonly isMore: boolean;
}

/** An owner and an address: a task is visible to its owner only, at the address that it was sent to, even when another agent has that name by now. */
export interface TaskViewer {
  readonly tenantId: TenantId;
  readonly ownerId: string;
  /** `routerName`: tasks that were sent to the router, at any agent. */
  readonly agentName: string;
  /** Names of the agents whose tasks are shown at the router; absent for all. */
  readonly reach?: readonly string[];
}

/** Which tasks of a viewer a page shows: null means any. Times are milliseconds since 1970. */
export interface TaskPageQuery {
  readonly contextId: string | null;
  readonly state: TaskState | null;
  readonly statusAtFromMs: number | null;
  /** Rows strictly after this one in the order (status time, id) descending. */
  readonly after: { readonly statusAtMs: number; readonly taskId: TaskId } | null;
  /** Rows that changed later than this are left out, so that pages do not shift. */
  readonly statusAtUntilMs: number;
  readonly limit: number;
}

/** A message to an interrupted task: it is worked on again only if nothing has happened to it since it was read (`expected…`). */
export interface ContinueTask {
  readonly viewer: TaskViewer;
  readonly taskId: TaskId;
  readonly nodeId: NodeId;
  readonly expectedSeq: number;
  readonly expectedAttempt: number;
  readonly keyHash: string;
  readonly fingerprint: string;
  readonly events: readonly TaskEventDraft[];
  readonly state: TaskState;
  readonly statusAtMs: number;
  /** Present when the message takes a slot or waits for one. */
  readonly queueing?: TaskQueueing;
  /** Delivers events from this message on. */
  readonly subscription?: NewPushSubscription;
}

/** A task that was authorized elsewhere goes on without a further message, if nothing has happened to it since it was read. */
export interface ResumeTask {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly nodeId: NodeId;
  readonly expectedSeq: number;
  readonly expectedAttempt: number;
  /** The event that the task works again. */
  readonly event: TaskEventDraft;
  readonly statusAtMs: number;
  /** The task takes its slots again, free or not, because its agent works already. */
  readonly isQueueable?: boolean;
}

/**
 * Durable tasks. Promises of an implementation: `record`, `write`, `continueTask` and `resumeTask` are atomic and may be repeated after an unknown
 * outcome; nothing is answered before it is committed; no method shows a row of another tenant.
 */
export interface TaskStore {
  record(task: NewTask): Promise<RecordOutcome>;
  write(write: TaskWrite): Promise<WriteOutcome>;
  /** The task whose recording kept this key as its caller's name for it (`NewTask.isNamed`). */
  findNamed(tenantId: TenantId, nameHash: string): Promise<TaskId | null>;
  /** The earlier send under this idempotency key. */
  findSend(
    tenantId: TenantId,
    keyHash: string,
  ): Promise<{ readonly taskId: TaskId; readonly fingerprint: string } | null>;
  /** Claims an interrupted task for a further message. `stale` when it has changed since the caller read it. */
  continueTask(further: ContinueTask): Promise<ContinueOutcome>;
  /** Puts a task of this lease back into its queue. `stale` when the lease is gone. */
  requeue(requeue: RequeueTask): Promise<WriteOutcome>;
  /** Claims a task that waits for an authorization, to go on with the same message. `stale` when it has changed since it was read. */
  resumeTask(resume: ResumeTask): Promise<WriteOutcome>;
  /** Writes a cancel request for the node that works on the task. False when the task has ended. */
  requestCancel(viewer: TaskViewer, taskId: TaskId): Promise<boolean>;
  /** Claims an interrupted task for this node so that it can be ended; null when it changed meanwhile. */
  claimInterrupted(
    tenantId: TenantId,
    taskId: TaskId,
    nodeId: NodeId,
    expectedAttempt: number,
  ): Promise<TaskRow | null>;
  find(viewer: TaskViewer, taskId: TaskId): Promise<TaskRow | null>;
  /** The ids that an agent gave those of these tasks which it knows and which are this owner's at it. */
  findUpstreamIds(
    task: Pick<TaskRow, 'tenantId' | 'ownerId' | 'agentId'>,
    taskIds: readonly TaskId[],
  ): Promise<ReadonlyMap<TaskId, string>>;
  /** The costs of those of these tasks that the tenant has, of any owner. */
  readCosts(tenantId: TenantId, taskIds: readonly TaskId[]): Promise<ReadonlyMap<TaskId, TaskCost>>;
  /** A task of the tenant, of any owner, as the parent of delegated tasks; null when there is none. */
  findParent(tenantId: TenantId, taskId: TaskId): Promise<DelegationParent | null>;
  findForWork(tenantId: TenantId, taskId: TaskId): Promise<TaskRow | null>;
  /** The last event with a status of each task, in this order, up to `limits.pageBytesMax` bytes and at least one. */
  readLastStatuses(tenantId: TenantId, taskIds: readonly TaskId[]): Promise<ReadonlyMap<TaskId, TaskEvent>>;
  readEvents(tenantId: TenantId, taskId: TaskId, afterSeq: number, limit: number): Promise<readonly TaskEvent[]>;
  /** The events after `afterSeq`, within the bounds of a tail. Concurrent calls share one read. */
  readTail(tenantId: TenantId, taskId: TaskId, afterSeq: number): Promise<LogTail>;
  /** Those of the tasks whose logs go on after these positions. */
  findGrown(tenantId: TenantId, positions: readonly LogPosition[]): Promise<readonly TaskId[]>;
  list(viewer: TaskViewer, query: TaskPageQuery): Promise<readonly TaskRow[]>;
  /** Exact up to `limits.listTotalMax`, then that number. */
  count(viewer: TaskViewer, query: TaskPageQuery): Promise<number>;
}
