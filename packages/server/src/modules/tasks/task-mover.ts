import type { AgentId, InstanceId, NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import type { WriteOutcome } from './task-store.ts';

/** Somebody else is asked to do a task. */
export interface TaskMove {
  /** Whoever may say so. */
  readonly lease: {
    readonly tenantId: TenantId;
    readonly taskId: TaskId;
    readonly nodeId: NodeId;
    readonly attempt: number;
  };
  /** Who is asked: an agent, and which instance of it. */
  readonly agentId: AgentId;
  readonly agentName: string;
  readonly instanceId: InstanceId;
  /** `hedge`: beside whoever does it. `retry`: another instance of the agent. `fallback`: another agent. */
  readonly kind: 'retry' | 'hedge' | 'fallback';
  /** How the try before it failed, as a code of the error catalogue; null: it had not. */
  readonly cause: string | null;
  /** Whether the task is theirs from now on; else they are only asked as well. */
  readonly isMove: boolean;
  /** It gives back the slots that it holds and whose holder it leaves. Only of a move. */
  readonly leavesSlots?: true;
  /** Counted from the task's own first try: 2 and more. */
  readonly number: number;
}

/**
 * Changes who does a task. A move is atomic, may be repeated after an unknown outcome, and is `stale` when another attempt owns the task
 * or it rests: then nothing was written. Rejects with `platform.unavailable` when the database is away.
 */
export interface TaskMover {
  move(move: TaskMove): Promise<WriteOutcome>;
  /** How many were asked so far, the first among them: at least 1. */
  countAttempts(tenantId: TenantId, taskId: TaskId): Promise<number>;
}
