import { performance } from 'node:perf_hooks';
import { randomFillSync } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';

/** The machine's clock. Its timers do not keep the process alive: servers and connections do. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

const poolBytes = 4096;

/** Cryptographic randomness, drawn from the kernel 4 KiB at a time because ids are made for every request. */
export function createSystemRandom(): Random {
  const pool = Buffer.alloc(poolBytes);
  let used = poolBytes;
  return {
    bytes(length) {
      if (length > poolBytes) return randomFillSync(Buffer.alloc(length));
      if (used + length > poolBytes) {
        randomFillSync(pool);
        used = 0;
      }
      used += length;
      return Buffer.from(pool.subarray(used - length, used));
    },
  };
}
