import { networkInterfaces } from 'node:os';
import { EgressGuards } from '../adapters/upstream/egress-guards.ts';
import { createEgressAllowanceStore } from '../adapters/postgres/egress/egress-allowance-store.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Database } from './database.ts';

export interface EgressParts {
  readonly config: Config;
  readonly database: Pick<Database, 'readers'>;
  readonly clock: Clock;
  readonly ownPorts: () => ReadonlySet<number>;
}

/** The guards over everything that this platform calls for its tenants. It never calls itself. */
export function createEgressGuards({ config, database, clock, ownPorts }: EgressParts): EgressGuards {
  return new EgressGuards({
    policy: {
      ...config.egress,
      ownPorts,
      ownAddresses: () =>
        Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address)),
    },
    allowances: createEgressAllowanceStore(database.readers),
    clock,
  });
}
