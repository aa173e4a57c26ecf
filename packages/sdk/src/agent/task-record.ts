import type { TaskLog } from './task-log.ts';

/** A handler that works on one message of a task. */
export interface TaskWork {
  /** Settles, never rejecting, when the handler is done. */
  readonly finished: Promise<void>;
  /** Asks the handler to stop; the task is canceled once it has. */
  cancel(): void;
  /** Asks the handler to stop because the process ends. The task keeps its state, because it was lost and did not end. */
  close(): void;
}

/** The record of one task in an agent server. */
export interface TaskRecord {
  readonly log: TaskLog;
  /** The tenant of the caller's forward token; empty without `trust`. Other tenants do not see the task. */
  readonly owner: string;
  /** Identifies each message that reached this task, so that the same message finds it again. */
  readonly messageKeys: Set<string>;
  /** Absent while the task waits for its caller or has ended. */
  run?: TaskWork;
  /** Whether a caller has seen the task; from then on the answer can not be a plain message. */
  shown: boolean;
}
