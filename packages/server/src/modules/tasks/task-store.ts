import type { TaskState } from '@colloquy/protocol';
import type { AgentId, EntryId, InstanceId, NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { DelegationChain, DelegationParent, TaskDelegation } from './delegation-chain.ts';
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
  /** What the caller asked for beside the message, as JSON; needed again when another node says the message. Null for nothing. */
  readonly sendOptions: string | null;
  /** The first event: the submitted task as an A2A 1.0 StreamResponse. */
  readonly submitted: string;
  readonly statusAtMs: number;
  /** Told from the first event on. */
  readonly subscription?: NewPushSubscription;
  /** The key is the caller's name for the task: kept as long as the task, not for a day. */
  readonly isNamed?: true;
  /** Only of a task that was sent for another, or that has a budget. */
  readonly delegation?: TaskDelegation;
  /** Only of a task that may wait in a queue: its agent has slots, or it is tried again later. */
  readonly dispatch?: TaskDispatch;
  /** It says again what a dead letter said; the entry is written with it. The key is the letter's id. */
  readonly replayed?: NewAuditEntry;
  /** Its agent has slots, and it begins without one: what it ends with is there already, or its agent is not asked. */
  readonly needsNoSlot?: true;
}

/** How a task waits in the queue of its agent. */
export interface TaskDispatch {
  /** How far its tier and priority put it off behind what is queued at the same moment; see `queueDelayMs`. */
  readonly delayMs: number;
  /** Null for none. */
  readonly deadlineAtMs: number | null;
}

/** What became of one recording. A refusal is that request's outcome and never its neighbours'. */
export type RecordOutcome =
  | {
      readonly kind: 'recorded';
      /** Every slot is in use, or others wait: nobody holds a lease on it until it is claimed from the queue. */
      readonly isQueued?: true;
      /** What its chain could still spend, when it has a budget. */
      readonly budgetLeft?: number;
    }
  | { readonly kind: 'known'; readonly taskId: TaskId; readonly sameRequest: boolean }
  | { readonly kind: 'insufficient'; readonly neededMicrocredits: bigint; readonly availableMicrocredits: bigint }
  | { readonly kind: 'agent-closed' }
  /** The chain's budget does not pay for it, or holds less than the budget that is wished for. */
  | { readonly kind: 'over-budget' };

/** The audit entry and the credits of a task's end. */
export interface TaskEnd {
  readonly closing: 'settle' | 'release';
  readonly errorCode: string | null;
  readonly auditId: EntryId;
  readonly auditAction: string;
  readonly auditOutcome: 'succeeded' | 'failed';
  /** What is settled at most of what is reserved; the rest is released. Null: all of it. */
  readonly priceMicrocredits: bigint | null;
  /** It is given up by the platform, and can be replayed. Only with `closing: 'release'`. */
  readonly isDead?: true;
}

/** Events and, perhaps, a new state, written only if the lease still holds and the log still ends at `expectedSeq`. */
export interface TaskWrite {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  /** Null for a task that waits: nobody holds a lease on it, and its last sequence alone keeps two that would end it apart. */
  readonly nodeId: NodeId | null;
  readonly attempt: number;
  readonly expectedSeq: number;
  readonly events: readonly TaskEventDraft[];
  readonly state: TaskState | null;
  readonly statusAtMs: number | null;
  readonly upstreamTaskId: string | null;
  readonly end: TaskEnd | null;
  /** The task has a place in the slots or the queue of its agent, which it leaves when it rests. */
  readonly dispatched?: 'held' | 'queued';
}

/** `written` also when an earlier try of the same write had reached the database. `stale`: another attempt owns the task. */
export type WriteOutcome = 'written' | 'stale';

/** `queued`: the turn is on record, and waits for a free slot. */
export type ContinueOutcome = WriteOutcome | 'queued';

/** Puts a task that nothing was heard of back into the queue of its agent. */
export interface RequeueTask {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly nodeId: NodeId;
  readonly attempt: number;
  readonly expectedSeq: number;
  /** Nobody claims it before this time has passed. */
  readonly delayMs: number;
}

/** A task without its log. */
export interface TaskRow {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly contextId: string;
  readonly agentId: AgentId;
  readonly instanceId: InstanceId;
  /** The agent that works on it in the place of the one that it was sent to; null: that one does. */
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
  readonly errorCode: string | null;
  /** Null for a task that nobody delegated and that has no budget. */
  readonly chain: DelegationChain | null;
  /** It waits for a free slot of its agent: nobody holds a lease on it, whatever its state. */
  readonly isQueued: boolean;
  /** It has, had or waits for slots: whatever ends it gives them back. */
  readonly isDispatched: boolean;
  /** While a node works on it: it holds slots. */
  readonly holdsSlots: boolean;
  /** How often it was given to its agent; null for a task that is given once. */
  readonly agentAttempts: number | null;
  readonly deadlineAtMs: number | null;
  readonly createdAtMs: number;
}

/** How far somebody knows the log of a task. */
export interface LogPosition {
  readonly taskId: TaskId;
  readonly seq: number;
}

/** Committed events that follow a position, oldest first: some of them, and whether there are more. */
export interface LogTail {
  readonly events: readonly TaskEvent[];
  readonly isMore: boolean;
}

/** Who asks for a task, and where: only its owner sees it, at the address it was sent to, whichever agent has that name by now. */
export interface TaskViewer {
  readonly tenantId: TenantId;
  readonly ownerId: string;
  /** `routerName`: what was sent to the router, whichever agent it came to. */
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
  /** The turn takes a slot, or waits for one. */
  readonly dispatch?: TaskDispatch;
  /** Told from this turn on. */
  readonly subscription?: NewPushSubscription;
}

/** A task that waits for an authorization goes on without its caller: worked on again only if nothing has happened to it since. */
export interface ResumeTask {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly nodeId: NodeId;
  readonly expectedSeq: number;
  readonly expectedAttempt: number;
  /** Says that the task is at work again. */
  readonly event: TaskEventDraft;
  readonly statusAtMs: number;
  /** The task takes the slots again that it had: its agent is at work whether or not one is free. */
  readonly isDispatched?: boolean;
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
  /** Claims an interrupted task for its next turn. `stale` when it is no longer as the caller saw it. */
  continueTask(turn: ContinueTask): Promise<ContinueOutcome>;
  /** Puts a task of this lease back into its queue. `stale` when the lease is gone. */
  requeue(requeue: RequeueTask): Promise<WriteOutcome>;
  /** Claims a task that waits for an authorization, within the same turn. `stale` when it is no longer as it was seen. */
  resumeTask(resume: ResumeTask): Promise<WriteOutcome>;
  /** Asks whoever works on the task to cancel it. False when it has ended. */
  requestCancel(viewer: TaskViewer, taskId: TaskId): Promise<boolean>;
  /** Takes an interrupted task under this node's lease so that it can be ended; null when it changed meanwhile. */
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
  /** A task of the tenant, whoever owns it, as the origin of others; null when there is none. */
  findParent(tenantId: TenantId, taskId: TaskId): Promise<DelegationParent | null>;
  findForWork(tenantId: TenantId, taskId: TaskId): Promise<TaskRow | null>;
  /** The last event of each task that says its status. Tasks without a row here do not exist. */
  readLastStatuses(tenantId: TenantId, taskIds: readonly TaskId[]): Promise<ReadonlyMap<TaskId, TaskEvent>>;
  readEvents(tenantId: TenantId, taskId: TaskId, afterSeq: number, limit: number): Promise<readonly TaskEvent[]>;
  /** What follows `afterSeq`, within the bounds of a tail. What is asked for at the same moment is read together. */
  readTail(tenantId: TenantId, taskId: TaskId, afterSeq: number): Promise<LogTail>;
  /** Those of the tasks whose logs go on after these positions. */
  findGrown(tenantId: TenantId, positions: readonly LogPosition[]): Promise<readonly TaskId[]>;
  list(viewer: TaskViewer, query: TaskPageQuery): Promise<readonly TaskRow[]>;
  /** Exact up to `limits.listTotalMax`, then that number. */
  count(viewer: TaskViewer, query: TaskPageQuery): Promise<number>;
}
