import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { EntryList } from '../../kernel/entry-list.ts';

type SendAway = (reason: PlatformError) => void;

/**
 * The calls whose callers wait for an answer. When the process shuts down, they have `limits.drainMs` to get it. The remaining callers are
 * then told to retry: their tasks continue, here or on another node, and the same message finds them.
 */
export class OpenCalls {
  readonly #clock: Clock;
  readonly #open = new EntryList<SendAway>();
  #cancelEnd: CancelTimer | null = null;
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The outcome of a call, or `platform.unavailable` when the process can not wait for it any longer. */
  waitFor<Result>(outcome: Promise<Result>): Promise<Result> {
    return new Promise((resolve, sendAway) => {
      const slot = this.#open.add(sendAway);
      if (this.#isOver) sendAway(restarting());
      outcome.then(
        (result) => {
          this.#leave(slot);
          resolve(result);
        },
        (error: unknown) => {
          this.#leave(slot);
          sendAway(error instanceof PlatformError ? error : new PlatformError('internal.unexpected', { cause: error }));
        },
      );
    });
  }

  /** The process leaves. */
  close(): void {
    this.#cancelEnd = this.#clock.after(limits.drainMs, () => {
      this.#isOver = true;
      for (const sendAway of this.#open.values()) sendAway(restarting());
    });
    if (this.#open.size === 0) this.#cancelEnd();
  }

  #leave(slot: number): void {
    this.#open.remove(slot);
    if (this.#open.size === 0) this.#cancelEnd?.();
  }
}

function restarting(): PlatformError {
  const message = 'The platform is restarting; ask for the task, or send the same message again.';
  return new PlatformError('platform.unavailable', { message });
}
