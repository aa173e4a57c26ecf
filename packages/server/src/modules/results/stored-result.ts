import type { Artifact, Message, Task } from '@colloquy/protocol';

/** What an agent answered, without the ids of the task that it was fetched by. */
export interface StoredResult {
  readonly artifacts: readonly Artifact[];
  /** The words of the last status; null for none. */
  readonly words: Message | null;
  /** The agent's direct answer, when it made no task of it. */
  readonly reply: Message | null;
  /** What the agent said of the task as a whole. */
  readonly metadata: Task['metadata'] | null;
}

/** A result as it is found. */
export interface FoundResult {
  readonly result: StoredResult;
  /** When it was stored, in milliseconds since 1970. */
  readonly storedAtMs: number;
  /** Its time is over, and somebody fetches a new one. */
  readonly isStale: boolean;
}

/** What a call of a cacheable skill meets at its place. */
export type ResultLook =
  | { readonly kind: 'found'; readonly found: FoundResult }
  /** Another task fetches it, and there is none to give meanwhile. */
  | { readonly kind: 'under-way' }
  /** Nothing, or nothing that may be given. */
  | { readonly kind: 'vacant' };
