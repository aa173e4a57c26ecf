import { pause, restOfBucketMs } from '../../kernel/clock.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ErrorCode } from '../../kernel/error-catalog.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';

/** Runs what reads from an address that a caller named, so that its failures tell nothing about the network behind the platform. */
export interface EvenFailures {
  /**
   * The result of `work`. Whatever it fails with is `code` and nothing more, told when a bucket of time is full; only failures with a code
   * in `told` are passed on at once, because they come from elsewhere.
   */
  of<Result>(code: ErrorCode, work: () => Promise<Result>, told?: readonly ErrorCode[]): Promise<Result>;
}

/** A closed port fails at once, a filtered one late and a private name before both: all are told after a multiple of `bucketMs`. */
export function createEvenFailures(clock: Clock, bucketMs: number = limits.addressFailureMs): EvenFailures {
  return {
    async of(code, work, told = []) {
      const startedMs = clock.monotonicMs();
      try {
        return await work();
      } catch (error) {
        if (!isTold(error, told)) await pause(clock, restOfBucketMs(clock.monotonicMs() - startedMs, bucketMs));
        throw asFailure(error, code, told);
      }
    },
  };
}

/** For background reads, where no caller can measure the time of a failure. */
export const failuresAtOnce: EvenFailures = {
  async of(code, work, told = []) {
    try {
      return await work();
    } catch (error) {
      throw asFailure(error, code, told);
    }
  },
};

function isTold(error: unknown, told: readonly ErrorCode[]): boolean {
  return error instanceof PlatformError && (error.code === 'platform.unavailable' || told.includes(error.code));
}

function asFailure(error: unknown, code: ErrorCode, told: readonly ErrorCode[]): unknown {
  return isTold(error, told) ? error : new PlatformError(code, { cause: error });
}
