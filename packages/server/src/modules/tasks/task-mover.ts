import type { AgentId, InstanceId, NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import type { WriteOutcome } from './task-store.ts';

/** Another instance or agent is asked to do a task. */
export interface TaskMove {
  /** The lease that allows the move. */
  readonly lease: {
    readonly tenantId: TenantId;
    readonly taskId: TaskId;
    readonly nodeId: NodeId;
    readonly attempt: number;
  };
  /** The agent that is asked, and which instance of it. */
  readonly agentId: AgentId;
  readonly agentName: string;
  readonly instanceId: InstanceId;
  /** `hedge`: in parallel to the first instance. `retry`: another instance of the agent. `fallback`: a fallback agent. */
  readonly kind: 'retry' | 'hedge' | 'fallback';
  /** How the attempt before failed, as a code of the error catalogue; null: it did not. */
  readonly cause: string | null;
  /** Whether the task moves there; else the instance is only asked in parallel. */
  readonly isMove: boolean;
  /** The task frees the slots of the instance or agent that it leaves. Only for a move. */
  readonly leavesSlots?: true;
  /** The number of the agent attempt, 2 or more; the first attempt of a task is 1. */
  readonly number: number;
}

/**
 * Moves tasks between instances and agents. A move is atomic and may be repeated after an unknown outcome. It is `stale`, and writes nothing, when
 * another lease attempt owns the task or the task rests. Rejects with `platform.unavailable` when the database is away.
 */
export interface TaskMover {
  move(move: TaskMove): Promise<WriteOutcome>;
  /** How many agent attempts the task has had, the first one included: at least 1. */
  countAttempts(tenantId: TenantId, taskId: TaskId): Promise<number>;
}
