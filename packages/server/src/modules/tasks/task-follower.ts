import { isTerminal } from '@colloquy/protocol';
import type { HeldBytes } from '../../kernel/byte-budget.ts';
import { limits } from '../../kernel/limits.ts';
import type { TaskEvent } from './task-event.ts';
import type { LogTail } from './task-store.ts';

/** The log of one task, as all its followers read it. */
export interface FollowedLog {
  /** Reads what is committed after a sequence. */
  readonly read: (afterSeq: number) => Promise<LogTail>;
  /** The follower's view is over. */
  readonly leave: (follower: TaskFollower) => void;
}

/**
 * One reader's view of a task's log: batches of events, each event once and in order, done after the event that ends the task.
 * A reader slower than the log holds at most the stream buffer in memory; beyond it the view falls back to reading the log.
 */
export class TaskFollower implements AsyncIterableIterator<readonly TaskEvent[]> {
  readonly #log: FollowedLog;
  #deliveredSeq: number;
  #buffer: TaskEvent[] = [];
  #bufferBytes = 0;
  /** Counts the events of the buffer, and those that the reader is not done with. */
  readonly #held: HeldBytes | undefined;
  #countedBytes = 0;
  #deliveredBytes = 0;
  #behind: boolean;
  #done = false;
  #wake: (() => void) | null = null;

  /** `isBehind`: the log may have more than `afterSeq` by now, so it is read before anything is awaited. */
  constructor(
    log: FollowedLog,
    {
      afterSeq,
      isBehind,
      held,
    }: { readonly afterSeq: number; readonly isBehind: boolean; readonly held?: HeldBytes | undefined },
  ) {
    this.#log = log;
    this.#deliveredSeq = afterSeq;
    this.#behind = isBehind;
    this.#held = held;
  }

  /**
   * Offers committed events; those already known are passed over, a gap makes the view read the log. `readers` is how many views share the
   * events in memory.
   */
  push(events: readonly TaskEvent[], readers = 1): void {
    if (this.#done) return;
    for (const event of events) {
      const nextSeq = (this.#buffer.at(-1)?.seq ?? this.#deliveredSeq) + 1;
      if (event.seq < nextSeq) continue;
      if (event.seq > nextSeq || this.#isFull(event, readers)) {
        this.#behind = true;
        break;
      }
      this.#buffer.push(event);
      this.#bufferBytes += event.json.length;
      this.#countedBytes += event.json.length / readers;
    }
    this.#held?.set(this.#countedBytes);
    this.#wakeReader();
  }

  next(): Promise<IteratorResult<readonly TaskEvent[], undefined>> {
    if (this.#done) return Promise.resolve({ done: true, value: undefined });
    // The reader is done with the events before.
    this.#countedBytes -= this.#deliveredBytes;
    this.#deliveredBytes = 0;
    this.#held?.set(this.#countedBytes);
    if (this.#buffer.length > 0) return Promise.resolve(this.#deliver(this.#takeBuffer()));
    // No function waits here: ten thousand quiet readers would keep as many of them.
    const more = this.#behind ? this.#catchUp() : new Promise<void>((resolve) => (this.#wake = resolve));
    return more.then(this.#next);
  }

  readonly #next = (): Promise<IteratorResult<readonly TaskEvent[], undefined>> => this.next();

  /** Ends the view, never the task. */
  return(): Promise<IteratorResult<readonly TaskEvent[], undefined>> {
    this.#finish();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #catchUp(): Promise<void> {
    // Before the read: what is pushed while it is under way may leave the view behind again.
    this.#behind = false;
    if (this.#held?.hasRoomFor(limits.logTailBytesMax) === false) await this.#held.room(limits.logTailBytesMax);
    if (this.#done) return;
    try {
      const { events, isMore } = await this.#log.read(this.#deliveredSeq);
      if (isMore) this.#behind = true;
      this.push(events);
    } catch (error) {
      this.#behind = true;
      throw error;
    }
  }

  #isFull(event: TaskEvent, readers: number): boolean {
    if (this.#buffer.length === 0) return false;
    return (
      this.#held?.hasRoomFor(event.json.length / readers) === false ||
      this.#buffer.length >= limits.streamBufferEventsMax ||
      this.#bufferBytes + event.json.length > limits.streamBufferBytesMax
    );
  }

  #takeBuffer(): readonly TaskEvent[] {
    const batch = this.#buffer;
    this.#buffer = [];
    this.#bufferBytes = 0;
    this.#deliveredBytes = this.#countedBytes;
    return batch;
  }

  #deliver(batch: readonly TaskEvent[]): IteratorResult<readonly TaskEvent[], undefined> {
    const last = batch.at(-1);
    if (last !== undefined) this.#deliveredSeq = last.seq;
    if (batch.some((event) => event.state !== undefined && isTerminal(event.state))) this.#finish();
    return { done: false, value: batch };
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    this.#held?.release();
    this.#log.leave(this);
    this.#wakeReader();
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
