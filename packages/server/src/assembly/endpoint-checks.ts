import { createEndpointCertificateStore } from '../adapters/postgres/registry/endpoint-certificate-store.ts';
import { createEndpointCheckStore } from '../adapters/postgres/registry/endpoint-check-store.ts';
import type { EgressGuards } from '../adapters/upstream/egress-guards.ts';
import { failuresAtOnce } from '../adapters/upstream/even-failures.ts';
import { createEndpointProber } from '../adapters/upstream/probe-endpoint.ts';
import { registerEndpointMetrics } from '../adapters/telemetry/index.ts';
import type { Metrics } from '../adapters/telemetry/index.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import { limits } from '../kernel/limits.ts';
import { checkEndpoints } from '../modules/registry/index.ts';
import type { CertificateCounts } from '../modules/registry/index.ts';
import type { Log } from '../surfaces/http/index.ts';
import { BackgroundDuty } from './duties/background-duty.ts';
import type { Database } from './database.ts';

export interface EndpointChecksParts {
  readonly config: Config;
  readonly database: Pick<Database, 'workers' | 'readers'>;
  readonly guards: EgressGuards;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** Checks the certificates of agents' endpoints, shared by the workers of all processes, and exposes counts by state as metrics. */
export function createEndpointChecks({
  config,
  database,
  guards,
  metrics,
  clock,
  log,
}: EndpointChecksParts): BackgroundDuty {
  const checks = createEndpointCheckStore(database.workers, database.readers);
  const isWorker = config.roles.has('worker');
  const checkDue = checkEndpoints({
    checks,
    endpointCertificates: createEndpointCertificateStore(database.readers),
    prober: createEndpointProber({ guards, bounds: limits, failures: failuresAtOnce }),
  });
  let counts: CertificateCounts | null = null;
  if (isWorker) registerEndpointMetrics(metrics.registry, () => counts);
  return new BackgroundDuty({
    run: async () => {
      const hasMore = await checkDue();
      if (!hasMore) counts = await checks.count();
      return hasMore;
    },
    everyMs: limits.endpointChecksEveryMs,
    restMsMin: limits.endpointChecksRestMs,
    failure: 'the certificates of endpoints could not be checked',
    isWorker,
    clock,
    log,
  });
}
