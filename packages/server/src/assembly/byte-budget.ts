import { getHeapStatistics } from 'node:v8';
import { registerMemoryMetrics } from '../adapters/telemetry/index.ts';
import type { MemoryCounts, Metrics } from '../adapters/telemetry/index.ts';
import type { Config } from '../config/config.ts';
import { ByteBudget } from '../kernel/byte-budget.ts';
import type { Clock } from '../kernel/clock.ts';
import { FairQueue } from '../kernel/fair-queue.ts';
import { limits } from '../kernel/limits.ts';

/** The bytes that this process may hold for its tenants: as configured, or by the heap limit that Node.js was started with. */
export function createByteBudget({ heldBytesMax }: Config, clock: Clock, { registry }: Metrics): ByteBudget {
  const ofHeap = getHeapStatistics().heap_size_limit / limits.heldBytesPerHeap;
  const budget: ByteBudget = new ByteBudget({
    clock,
    bytesMax: heldBytesMax ?? Math.min(Math.floor(ofHeap), limits.heldBytesMax),
    longWork: new FairQueue({ clock, soon: setImmediate }),
    onRefused: (bound) => counts.countRefusal(bound),
    onEvicted: () => counts.countEviction(),
  });
  const counts: MemoryCounts = registerMemoryMetrics(registry, () => budget.bytesOf);
  return budget;
}
