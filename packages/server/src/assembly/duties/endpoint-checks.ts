import { createEndpointCertificateStore } from '../../adapters/postgres/registry/endpoint-certificate-store.ts';
import { createEndpointCheckStore } from '../../adapters/postgres/registry/endpoint-check-store.ts';
import { registerEndpointMetrics } from '../../adapters/telemetry/index.ts';
import type { EgressGuards } from '../../adapters/upstream/egress-guards.ts';
import { failuresAtOnce } from '../../adapters/upstream/even-failures.ts';
import { createEndpointProber } from '../../adapters/upstream/probe-endpoint.ts';
import { limits } from '../../kernel/limits.ts';
import { checkEndpoints } from '../../modules/registry/index.ts';
import type { CertificateCounts } from '../../modules/registry/index.ts';
import type { Foundation } from '../foundation.ts';
import { BackgroundDuty } from './background-duty.ts';

/** Checks the certificates of agents' endpoints, shared with the workers of all processes, and exposes the counts. */
export function createEndpointChecks(
  { config, database, metrics, clock, log }: Foundation,
  guards: EgressGuards,
): BackgroundDuty {
  const checks = createEndpointCheckStore(database.workers, database.readers);
  const checkDue = checkEndpoints({
    checks,
    endpointCertificates: createEndpointCertificateStore(database.readers),
    prober: createEndpointProber({ guards, bounds: limits, failures: failuresAtOnce }),
  });
  let counts: CertificateCounts | null = null;
  if (config.roles.has('worker')) registerEndpointMetrics(metrics.registry, () => counts);
  return new BackgroundDuty({
    run: async () => {
      const hasMore = await checkDue();
      if (!hasMore) counts = await checks.count();
      return hasMore;
    },
    everyMs: limits.endpointChecksEveryMs,
    restMsMin: limits.endpointChecksRestMs,
    failure: 'the certificates of endpoints could not be checked',
    clock,
    log,
  });
}
