import type { TaskLog } from './task-log.ts';

/** A handler at work on one message of a task. */
export interface TaskWork {
  /** Settles, never rejecting, when the handler is done. */
  readonly finished: Promise<void>;
  /** Asks the handler to stop for good: the task ends as canceled when it has. */
  cancel(): void;
  /** Asks the handler to stop because the process goes away. The task keeps its state: it did not end, it was lost. */
  close(): void;
}

/** What an agent server remembers about one task. */
export interface TaskRecord {
  readonly log: TaskLog;
  /** The tenant that the platform vouched for; empty when nobody is asked for a token. Others do not see the task. */
  readonly owner: string;
  /** Identifies each message that reached this task, so that the same message finds it again. */
  readonly messageKeys: Set<string>;
  /** Absent while the task waits for its caller or has ended. */
  run?: TaskWork;
  /** Whether somebody has seen the task; from then on it can only end as a task. */
  shown: boolean;
}
