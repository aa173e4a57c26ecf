import { holdsAt } from '../../kernel/access-rights.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { AgentId, TaskId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { DelegationChain } from './delegation-chain.ts';

export interface InspectTaskInput {
  readonly taskId: string;
  /** Events of the log after this sequence; at most `limits.logPageEventsMax` of them. */
  readonly afterSeq: number;
}

/** A task of the caller's tenant at an agent that its rights reach, of any sender; throws `task.unknown`. */
export function inspectTask(ports: { readonly inspector: TaskInspector }) {
  return async (caller: Caller, { taskId, afterSeq }: InspectTaskInput): Promise<TaskInspection> => {
    if (!isId('tsk', taskId)) throw new PlatformError('task.unknown');
    const range = { afterSeq, limit: limits.logPageEventsMax };
    const task = await ports.inspector.inspect(caller.tenant.id, taskId, range);
    if (task === null || !holdsAt(caller.access, 'tasks:inspect', { agentName: task.agentName }))
      throw new PlatformError('task.unknown');
    return task;
  };
}

/** What the platform knows about a task, for the administrators of the tenant: no content of messages or artifacts. */
export interface TaskInspection {
  readonly taskId: TaskId;
  readonly contextId: string;
  readonly agentId: AgentId;
  readonly agentName: string;
  readonly ownerId: string;
  /** As the specification names it, in lower case: `submitted`, `input-required` … */
  readonly state: string;
  readonly attempt: number;
  /** The routing decision as it was recorded. */
  readonly decision: unknown;
  readonly reservedMicrocredits: bigint;
  /** Why a failed task failed; null for others. */
  readonly errorCode: string | null;
  /** The delegation chain; null for a task that is not delegated and has no budget. */
  readonly chain: DelegationChain | null;
  readonly createdAt: Date;
  readonly statusAt: Date;
  /** Length of the task's log. */
  readonly lastSeq: number;
  /** A part of the log in its order. */
  readonly events: readonly InspectedTaskEvent[];
}

export interface InspectedTaskEvent {
  readonly seq: number;
  readonly kind: string;
  readonly occurredAt: Date;
}

/** Which part of a log is wanted. */
export interface LogRange {
  /** Events after this sequence; 0 for the first. */
  readonly afterSeq: number;
  /** At most so many, at least 1. */
  readonly limit: number;
}

/** Reads tasks of every owner of a tenant. Promises of an implementation: task and events are of one moment; no other tenant's task is shown. */
export interface TaskInspector {
  /** Null when the tenant has no such task. */
  inspect(tenantId: TenantId, taskId: TaskId, range: LogRange): Promise<TaskInspection | null>;
}
