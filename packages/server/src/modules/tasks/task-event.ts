import type { StreamResponse, TaskState } from '@colloquy/protocol';

/** `task`: the first snapshot; `turn`: a message of the user; `status`, `artifact`: updates; `reply`: a message that ends the task. */
export type TaskEventKind = 'task' | 'turn' | 'status' | 'artifact' | 'reply';

/** One entry of a task's log before it has a sequence. `json` is an A2A 1.0 StreamResponse, written once and shown as it is. */
export interface TaskEventDraft {
  readonly kind: TaskEventKind;
  readonly json: string;
  /** The state the task has after this event, when the event changes it. */
  readonly state?: TaskState;
}

/** One committed entry of a task's log. `seq` is 1, 2, 3 … without a gap. */
export interface TaskEvent extends TaskEventDraft {
  readonly seq: number;
}

/** The A2A 1.0 StreamResponse of a log entry. The log holds only what this platform encoded from decoded A2A. */
export function storedResponse(json: string): StreamResponse {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by this platform; a database policy refuses every other writer
  return JSON.parse(json) as StreamResponse;
}
