/** The source of time. All code that waits or reads the time takes a `Clock`, so that tests control time. */
export interface Clock {
  /** Wall time in milliseconds since the epoch. For stamps shown to people; leases use database time. */
  nowMs(): number;
  /** Milliseconds that never go backwards. For durations and self-fencing. */
  monotonicMs(): number;
  /** Calls `run` once after `delayMs`. The result cancels it. Never keeps the process alive by itself. */
  after(delayMs: number, run: () => void): CancelTimer;
}

/** Cancels the timer; without effect after it has fired. */
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

/** The time to the next multiple of `bucketMs`; a whole bucket at a multiple. */
export function restOfBucketMs(elapsedMs: number, bucketMs: number): number {
  return bucketMs - (elapsedMs % bucketMs);
}

/**
 * The result of `work`, or null when it takes longer than `waitMs` or when `signal` aborts. The work continues, and its later failure is
 * ignored.
 */
export function within<Result>(
  clock: Clock,
  waitMs: number,
  work: Promise<Result>,
  signal?: AbortSignal,
): Promise<Result | null> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return resolve(null);
    const stopWaiting = (): void => {
      finish();
      resolve(null);
    };
    const finish = (): void => {
      cancel();
      signal?.removeEventListener('abort', stopWaiting);
    };
    const cancel = clock.after(waitMs, stopWaiting);
    signal?.addEventListener('abort', stopWaiting, { once: true });
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
