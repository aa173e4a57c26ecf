import { createHealthStore } from '../../adapters/postgres/instances/health-store.ts';
import type { EgressGuards } from '../../adapters/upstream/egress-guards.ts';
import { createInstanceProber } from '../../adapters/upstream/instance-prober.ts';
import type { Config } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { HealthWatch, InstanceUses } from '../../modules/instances/index.ts';
import type { HealthStore } from '../../modules/instances/index.ts';
import type { Log } from '../../surfaces/http/index.ts';
import type { Database } from '../database.ts';
import { causesOf } from '../log.ts';

export interface InstanceHealthParts {
  readonly config: Config;
  readonly database: Database;
  readonly guards: Pick<EgressGuards, 'forTenant'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What this process knows and finds out of the health of instances. */
export interface InstanceHealthDuty {
  readonly store: HealthStore;
  readonly uses: InstanceUses;
  readonly watch: HealthWatch;
  /** What is to be done after each renewal of the node's lease. */
  look(): void;
}

export function createInstanceHealth({
  config,
  database,
  guards,
  clock,
  log,
}: InstanceHealthParts): InstanceHealthDuty {
  const store = createHealthStore(database.workers, database.readers);
  const report = (error: unknown): void =>
    log.warn({ causes: causesOf(error) }, 'the health of an instance could not be kept');
  const uses = new InstanceUses(store, clock, report);
  const prober = createInstanceProber(guards);
  const watch = new HealthWatch({ store, prober, clock, intervalMs: config.probeIntervalMs, report });
  return {
    store,
    uses,
    watch,
    look() {
      void uses.tell();
      if (config.roles.has('worker')) void watch.look();
    },
  };
}
