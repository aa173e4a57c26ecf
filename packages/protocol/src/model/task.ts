import type { JsonObject } from './json-value.ts';
import type { Message, Part } from './message.ts';
import type { TaskState } from './task-state.ts';

/** A task's state with the agent's words about it (A2A 1.0 `TaskStatus`). */
export interface TaskStatus {
  readonly state: TaskState;
  /** Expected with interrupted states: it says what the agent waits for. */
  readonly message?: Message;
  /** RFC 3339 in UTC with a `Z` suffix; the sort key of ListTasks. */
  readonly timestamp?: string;
}

/** An output of a task (A2A 1.0 `Artifact`). `parts` has one element at least; `artifactId` is unique inside its task. */
export interface Artifact {
  readonly artifactId: string;
  readonly name?: string;
  readonly description?: string;
  readonly parts: readonly Part[];
  readonly metadata?: JsonObject;
  readonly extensions?: readonly string[];
}

/** The unit of work (A2A 1.0 `Task`). */
export interface Task {
  /** Made by the server. */
  readonly id: string;
  /** Optional on the wire; this platform always sends it. */
  readonly contextId?: string;
  readonly status: TaskStatus;
  readonly artifacts?: readonly Artifact[];
  /** Oldest first. */
  readonly history?: readonly Message[];
  readonly metadata?: JsonObject;
}
