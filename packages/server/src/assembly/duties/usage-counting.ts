import { createUsageCounter } from '../../adapters/postgres/usage/usage-counter.ts';
import { registerUsageCountMetrics } from '../../adapters/telemetry/index.ts';
import { limits } from '../../kernel/limits.ts';
import { countUsage } from '../../modules/usage/index.ts';
import type { Foundation } from '../foundation.ts';
import { BackgroundDuty } from './background-duty.ts';

/** Counts what ended tasks used and cost, shared with the workers of all processes, and exposes the counts. */
export function createUsageCounting({ config, database, metrics, clock, log }: Foundation): BackgroundDuty {
  const count = countUsage({ counter: createUsageCounter(database.workers) });
  let counted = { tasks: 0, microcredits: 0n };
  if (config.roles.has('worker')) registerUsageCountMetrics(metrics.registry, () => counted);
  return new BackgroundDuty({
    run: async () => {
      const { tasks, microcredits, isFull } = await count();
      counted = { tasks: counted.tasks + tasks, microcredits: counted.microcredits + microcredits };
      return isFull;
    },
    everyMs: limits.usageCountEveryMs,
    rests: true,
    failure: 'usage could not be counted',
    clock,
    log,
  });
}
