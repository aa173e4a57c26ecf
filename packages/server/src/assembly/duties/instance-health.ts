import { createHealthStore } from '../../adapters/postgres/instances/health-store.ts';
import type { EgressGuards } from '../../adapters/upstream/egress-guards.ts';
import { createInstanceProber } from '../../adapters/upstream/instance-prober.ts';
import { HealthWatch, InstanceUses } from '../../modules/instances/index.ts';
import type { HealthStore } from '../../modules/instances/index.ts';
import type { Foundation } from '../foundation.ts';
import { causesOf } from '../log.ts';

/** What this process observes of the health of instances. */
export interface InstanceHealth {
  readonly store: HealthStore;
  /** Which instances tasks of this process went to. */
  readonly uses: InstanceUses;
  /** Probes instances; only workers run it. */
  readonly watch: HealthWatch;
}

export function createInstanceHealth(
  { config, database, clock, log }: Pick<Foundation, 'config' | 'database' | 'clock' | 'log'>,
  guards: Pick<EgressGuards, 'forTenant'>,
): InstanceHealth {
  const store = createHealthStore(database.workers, database.readers);
  const report = (error: unknown): void =>
    log.warn({ causes: causesOf(error) }, 'the health of an instance could not be written');
  const uses = new InstanceUses(store, clock, report);
  const prober = createInstanceProber(guards);
  const watch = new HealthWatch({ store, prober, clock, intervalMs: config.probeIntervalMs, report });
  return { store, uses, watch };
}
