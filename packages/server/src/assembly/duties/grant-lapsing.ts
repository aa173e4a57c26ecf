import { createGrantLapseStore } from '../../adapters/postgres/metering/grant-lapse-store.ts';
import { registerLapseMetrics } from '../../adapters/telemetry/index.ts';
import { limits } from '../../kernel/limits.ts';
import { lapseDueGrants } from '../../modules/metering/index.ts';
import type { Foundation } from '../foundation.ts';
import { BackgroundDuty } from './background-duty.ts';

/** Closes grants of credits that have expired, shared with the workers of all processes, and exposes what was left of them. */
export function createGrantLapsing({ config, database, metrics, clock, ids, log }: Foundation): BackgroundDuty {
  const lapses = createGrantLapseStore(database.workers, database.readers);
  let lapsed = 0n;
  if (config.roles.has('worker')) registerLapseMetrics(metrics.registry, () => lapsed);
  const count = (microcredits: bigint): void => {
    lapsed += microcredits;
  };
  return new BackgroundDuty({
    run: lapseDueGrants({ lapses, ids, count }),
    everyMs: limits.creditLapseEveryMs,
    rests: true,
    failure: 'credits that have expired could not be taken out of their wallets',
    clock,
    log,
  });
}
