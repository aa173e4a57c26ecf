import { networkInterfaces } from 'node:os';
import { EgressGuard } from '../adapters/upstream/egress-guard.ts';
import type { Config } from '../config/config.ts';

/** The guard over everything this platform calls for its tenants. It never calls itself. */
export function createEgressGuard(config: Config, ownPorts: () => ReadonlySet<number>): EgressGuard {
  return new EgressGuard({
    ...config.egress,
    ownPorts,
    ownAddresses: () =>
      Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address)),
  });
}
