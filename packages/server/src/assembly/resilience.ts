import { createBreakerStore } from '../adapters/postgres/routing/breaker-store.ts';
import type { Clock } from '../kernel/clock.ts';
import { CallWatch } from '../modules/gateway/index.ts';
import type { InstanceUses } from '../modules/instances/index.ts';
import { BreakerBoard, InstanceObservations } from '../modules/routing/index.ts';
import type { Log } from '../surfaces/http/index.ts';
import type { Database } from './database.ts';
import { causesOf } from './log.ts';

interface ResilienceParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly uses: InstanceUses;
}

/** What this process knows of the instances it calls, and what keeps it away from those that fail. */
export function createResilience({ database, clock, log, uses }: ResilienceParts) {
  const observations = new InstanceObservations();
  const breakers = new BreakerBoard({
    store: createBreakerStore(database.workers, database.readers),
    clock,
    noteOutlier: (instanceId, reason) => {
      log.warn({ instanceId, reason }, 'an instance of an agent fails');
      uses.noteOutlier(instanceId, reason);
    },
    report: (error) => log.error({ causes: causesOf(error) }, 'a breaker could not be kept'),
  });
  return {
    observations,
    breakers,
    calls: new CallWatch({ observations, breakers, clock }),
    /** What can not be read now is read later. */
    keepUp: (): void => void breakers.keepUp().catch(() => undefined),
    onHint: (): void => void breakers.refresh().catch(() => undefined),
  };
}
