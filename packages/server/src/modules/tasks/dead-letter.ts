import type { ErrorCode } from '../../kernel/error-catalog.ts';
import type { TaskId, TenantId } from '../../kernel/ids.ts';

/** Why a task was given up: its deadline had passed, its workers died one after the other, or no try of it is left. */
export const deadLetterReasons = ['tries-used', 'deadline-passed', 'poisoned'] as const;
export type DeadLetterReason = (typeof deadLetterReasons)[number];

/**
 * Whether a task that ends with this code is a dead letter: the platform gave it up, and nobody else ended it. What its agent says to have
 * failed has no code, and what its caller left waiting is nobody's to repeat.
 */
export function isDeadLetter(code: ErrorCode): boolean {
  return code !== 'task.expired';
}

/** A task that was given up, without its content. */
export interface DeadLetter {
  readonly taskId: TaskId;
  readonly agentName: string;
  /** Id of the principal that sent it. */
  readonly ownerId: string;
  readonly reason: DeadLetterReason;
  /** What it failed with in the end, a code of the catalogue. */
  readonly errorCode: string;
  /** How often it was given to its agent. */
  readonly tries: number;
  readonly sentAt: Date;
  readonly deadAt: Date;
  /** The task that its message was sent again in; null while it was not. */
  readonly replayedAs: TaskId | null;
}

/** Which dead letters are wanted: null means any. */
export interface DeadLetterQuery {
  readonly agentName: string | null;
  readonly reason: DeadLetterReason | null;
  /** Only those that were sent after this one. */
  readonly after: TaskId | null;
  readonly limit: number;
}

/** A dead letter, and what its replay depends on. */
export interface FoundDeadLetter extends DeadLetter {
  /** What its sender said after the first message. */
  readonly turns: number;
  /** A stop of its sender is in force: nothing is done for it. */
  readonly isSenderStopped: boolean;
}

/** Reads the dead letters of one tenant. Promises of an implementation: no other tenant's is shown; the order is that of their ids, oldest first. */
export interface DeadLetterStore {
  list(tenantId: TenantId, query: DeadLetterQuery): Promise<readonly DeadLetter[]>;
  /** Null when the tenant has no such dead letter. */
  find(tenantId: TenantId, taskId: TaskId): Promise<FoundDeadLetter | null>;
}
