import { createSlaCounter } from '../../adapters/postgres/sla/sla-counter.ts';
import { registerSlaMetrics } from '../../adapters/telemetry/index.ts';
import type { Metrics } from '../../adapters/telemetry/index.ts';
import type { Config } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';
import { countEndedTasks, CountingPace } from '../../modules/sla/index.ts';
import type { Log } from '../../surfaces/http/index.ts';
import { BackgroundDuty } from './background-duty.ts';
import type { Database } from '../database.ts';

export interface SlaCountingParts {
  readonly config: Config;
  readonly database: Pick<Database, 'workers'>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** Counts tasks that ended against what was promised of their agents, shared by the workers of all processes, and exposes what it counted. */
export function createSlaCounting({ config, database, metrics, clock, log }: SlaCountingParts): BackgroundDuty {
  const isWorker = config.roles.has('worker');
  const pace = new CountingPace();
  const count = countEndedTasks({ counter: createSlaCounter(database.workers, pace) });
  let counted = { tasks: 0, failed: 0, late: 0 };
  if (isWorker) registerSlaMetrics(metrics.registry, () => counted);
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
    isWorker,
    clock,
    log,
  });
}
