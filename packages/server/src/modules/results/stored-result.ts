import type { Artifact, Message, Task } from '@colloquy/protocol';

/** An agent's answer, without the ids of the task that fetched it. */
export interface StoredResult {
  readonly artifacts: readonly Artifact[];
  /** The message of the last status; null for none. */
  readonly words: Message | null;
  /** The agent's direct answer, when it answered without a task. */
  readonly reply: Message | null;
  /** The task's metadata. */
  readonly metadata: Task['metadata'] | null;
}

/** A result that was found in the cache. */
export interface FoundResult {
  readonly result: StoredResult;
  /** When it was stored, in milliseconds since 1970. */
  readonly storedAtMs: number;
  /** Its TTL is over, and another task fetches a new one. */
  readonly isStale: boolean;
}

/** The outcome of a cache lookup. */
export type ResultLookup =
  | { readonly kind: 'found'; readonly found: FoundResult }
  /** Another task fetches the result, and no stale one may be used. */
  | { readonly kind: 'under-way' }
  /** No usable result. */
  | { readonly kind: 'vacant' };
