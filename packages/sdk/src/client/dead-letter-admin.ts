import { page } from './admin-answers.ts';
import type { Page } from './admin-answers.ts';
import type { AdminCall } from './admin-call.ts';
import { listing, making } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { object, optional, string, wholeNumber } from './answer-shape.ts';

/** A task that the platform gave up, without its content. Times are RFC 3339 in UTC. */
export interface DeadLetter {
  readonly taskId: string;
  /** Name of the agent. */
  readonly agent: string;
  /** Id of the principal that sent it. */
  readonly ownerId: string;
  /** `tries-used`, `deadline-passed` or `poisoned`: its workers died one after the other. */
  readonly reason: string;
  /** What it failed with in the end. */
  readonly errorCode: string;
  /** How often it was given to its agent. */
  readonly tries: number;
  readonly sentAt: string;
  readonly deadAt: string;
  /** The task that its message was sent again in; absent while it was not. */
  readonly replayedAs?: string | undefined;
}

/** A dead letter that was sent again. */
export interface ReplayedDeadLetter {
  /** The new task. */
  readonly taskId: string;
  /** The dead one, which stays as it ended. */
  readonly replayOf: string;
}

/** Tasks of a tenant that were given up. */
export interface DeadLetterAdmin {
  /** Oldest first; of one agent, by its name, or for one reason. */
  list(filter?: PageRequest & { readonly agent?: string; readonly reason?: string }): Promise<Page<DeadLetter>>;
  /** Sends the message again for its sender, in a new task: once, however often it is asked for. */
  replay(taskId: string): Promise<ReplayedDeadLetter>;
}

const deadLetter = object<DeadLetter>({
  taskId: string,
  agent: string,
  ownerId: string,
  reason: string,
  errorCode: string,
  tries: wholeNumber,
  sentAt: string,
  deadAt: string,
  replayedAs: optional(string),
});
const replayed = object<ReplayedDeadLetter>({ taskId: string, replayOf: string });

/** Builds the part of the admin client that is about dead letters. */
export function deadLetterAdmin(call: AdminCall, base: string): DeadLetterAdmin {
  const path = `${base}/dead-letters`;
  return {
    list: (filter = {}) => call({ ...listing(path, filter), read: page(deadLetter) }),
    replay: (taskId) =>
      call({ ...making(`${path}/${encodeURIComponent(taskId)}/replay`, {}), read: replayed, repeatable: true }),
  };
}
