/** Time as the platform sees it. Everything that waits or stamps takes a `Clock`, so that tests own time. */
export interface Clock {
  /** Wall time in milliseconds since the epoch. For stamps shown to people; leases use database time. */
  nowMs(): number;
  /** Milliseconds that never go backwards. For durations and self-fencing. */
  monotonicMs(): number;
  /** Calls `run` once after `delayMs`. The result cancels it. Never keeps the process alive by itself. */
  after(delayMs: number, run: () => void): CancelTimer;
}

/** Takes back what was asked for; without effect when it has happened. */
export type CancelTimer = () => void;

/** Resolves after `delayMs`, or at once when `signal` aborts; never rejects. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const finish = (): void => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(delayMs, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/** What is missing to the next multiple of a bucket of time; a whole one when nothing is. */
export function restOfBucketMs(elapsedMs: number, bucketMs: number): number {
  return bucketMs - (elapsedMs % bucketMs);
}

/**
 * The result of `work`, or null when it is not there after `waitMs`, or when `signal` aborts; the work goes on and its later failure is
 * nobody's.
 */
export function within<Result>(
  clock: Clock,
  waitMs: number,
  work: Promise<Result>,
  signal?: AbortSignal,
): Promise<Result | null> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return resolve(null);
    const giveUp = (): void => {
      finish();
      resolve(null);
    };
    const finish = (): void => {
      cancel();
      signal?.removeEventListener('abort', giveUp);
    };
    const cancel = clock.after(waitMs, giveUp);
    signal?.addEventListener('abort', giveUp, { once: true });
    work.then(
      (result) => {
        finish();
        resolve(result);
      },
      (error: unknown) => {
        finish();
        reject(
          error instanceof Error ? error : new Error('A promise was rejected without an error.', { cause: error }),
        );
      },
    );
  });
}
