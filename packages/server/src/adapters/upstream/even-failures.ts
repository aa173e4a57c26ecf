import { pause, restOfBucketMs } from '../../kernel/clock.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ErrorCode } from '../../kernel/error-catalog.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { PlatformErrorOptions } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';

/** Runs what reads from an address that a caller named, so that its failures tell nothing about the network behind the platform. */
export interface EvenFailures {
  /**
   * The result of `work`. A failure with a code in `told` passes at once, because it reveals nothing. Every other failure becomes the same
   * `code`, message and details, and is answered when a bucket of time is full.
   */
  of<Result>(code: ErrorCode, work: () => Promise<Result>, options?: FailureOptions): Promise<Result>;
}

/** What the caller sees of a failure. */
export interface FailureOptions extends Pick<PlatformErrorOptions, 'message' | 'details'> {
  readonly told?: readonly ErrorCode[];
}

/** A closed port fails at once, a filtered one late and a private name before both: all are told after a multiple of `bucketMs`. */
export function createEvenFailures(clock: Clock, bucketMs: number = limits.addressFailureMs): EvenFailures {
  return {
    async of(code, work, options = {}) {
      const startedMs = clock.monotonicMs();
      try {
        return await work();
      } catch (error) {
        if (!isTold(error, options)) await pause(clock, restOfBucketMs(clock.monotonicMs() - startedMs, bucketMs));
        throw asFailure(error, code, options);
      }
    },
  };
}

/** For background reads, where no caller can measure the time of a failure. */
export const failuresAtOnce: EvenFailures = {
  async of(code, work, options = {}) {
    try {
      return await work();
    } catch (error) {
      throw asFailure(error, code, options);
    }
  },
};

function isTold(error: unknown, { told = [] }: FailureOptions): boolean {
  return error instanceof PlatformError && (error.code === 'platform.unavailable' || told.includes(error.code));
}

function asFailure(error: unknown, code: ErrorCode, options: FailureOptions): unknown {
  if (isTold(error, options)) return error;
  const { told: _told, ...shown } = options;
  return new PlatformError(code, { ...shown, cause: error });
}
