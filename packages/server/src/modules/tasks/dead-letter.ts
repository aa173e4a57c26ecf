import type { ErrorCode } from '../../kernel/error-catalog.ts';
import type { TaskId, TenantId } from '../../kernel/ids.ts';

/** Why a task was dead-lettered: its attempts are used up, its deadline has passed, or the nodes that worked on it died one after the other. */
export const deadLetterReasons = ['tries-used', 'deadline-passed', 'poisoned'] as const;
export type DeadLetterReason = (typeof deadLetterReasons)[number];

/**
 * Whether a task that ends with this code is dead-lettered. A failure that its agent reports has no code, and is none. Neither is a task that
 * its caller left waiting.
 */
export function isDeadLetter(code: ErrorCode): boolean {
  return code !== 'task.expired';
}

/** A dead-lettered task, without its content. */
export interface DeadLetter {
  readonly taskId: TaskId;
  readonly agentName: string;
  /** Id of the principal that sent it. */
  readonly ownerId: string;
  readonly reason: DeadLetterReason;
  /** The final failure, a code of the catalogue. */
  readonly errorCode: string;
  /** How often the task was given to its agent. */
  readonly tries: number;
  readonly sentAt: Date;
  readonly deadAt: Date;
  /** The task that replays its message; null while there is none. */
  readonly replayedAs: TaskId | null;
}

/** A page of dead-lettered tasks; a filter that is null matches any. */
export interface DeadLetterQuery {
  readonly agentName: string | null;
  readonly reason: DeadLetterReason | null;
  /** Only tasks that were sent after this one. */
  readonly after: TaskId | null;
  readonly limit: number;
}

/** A dead-lettered task, and what its replay depends on. */
export interface FoundDeadLetter extends DeadLetter {
  /** How many messages its sender sent after the first. */
  readonly laterMessages: number;
  /** Its sender is suspended, so nothing may be done on its behalf. */
  readonly isSenderSuspended: boolean;
}

/** Reads the dead-lettered tasks of one tenant. Promises of an implementation: no task of another tenant is shown; tasks come in the order of their ids, oldest first. */
export interface DeadLetterStore {
  list(tenantId: TenantId, query: DeadLetterQuery): Promise<readonly DeadLetter[]>;
  /** Null when the tenant has no such dead-lettered task. */
  find(tenantId: TenantId, taskId: TaskId): Promise<FoundDeadLetter | null>;
}
