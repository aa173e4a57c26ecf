import { createSlaCounter } from '../../adapters/postgres/sla/sla-counter.ts';
import { registerSlaMetrics } from '../../adapters/telemetry/index.ts';
import { limits } from '../../kernel/limits.ts';
import { countEndedTasks, CountingPace } from '../../modules/sla/index.ts';
import type { Foundation } from '../foundation.ts';
import { BackgroundDuty } from './background-duty.ts';

/** Counts ended tasks against the objectives of their agents, shared with the workers of all processes, and exposes the counts. */
export function createSlaCounting({ config, database, metrics, clock, log }: Foundation): BackgroundDuty {
  const pace = new CountingPace();
  const count = countEndedTasks({ counter: createSlaCounter(database.workers, pace) });
  let counted = { tasks: 0, failed: 0, late: 0 };
  if (config.roles.has('worker')) registerSlaMetrics(metrics.registry, () => counted);
  return new BackgroundDuty({
    run: async () => {
      const { tasks, failed, late, isFull } = await count().catch((error: unknown) => {
        pace.slowDown();
        throw error;
      });
      pace.speedUp();
      counted = { tasks: counted.tasks + tasks, failed: counted.failed + failed, late: counted.late + late };
      return isFull;
    },
    everyMs: limits.slaCountEveryMs,
    rests: true,
    failure: 'ended tasks could not be counted',
    clock,
    log,
  });
}
