import { networkInterfaces } from 'node:os';
import { EgressGuards } from '../adapters/upstream/egress-guards.ts';
import { createEgressAllowanceStore } from '../adapters/postgres/egress/egress-allowance-store.ts';
import type { Foundation } from './foundation.ts';
import type { Addresses, GrpcPort } from './ports.ts';

/** The guards over everything that this platform calls for its tenants. It never calls its own ports. */
export function createEgressGuards(
  { config, database, clock }: Foundation,
  { http, ops }: Pick<Addresses, 'http' | 'ops'>,
  grpcPort: GrpcPort,
): EgressGuards {
  return new EgressGuards({
    policy: {
      ...config.egress,
      ownPorts: () =>
        new Set([http.port, ops.port, database.embeddedPort, grpcPort.port].filter((port) => port !== null)),
      ownAddresses: () =>
        Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address)),
    },
    allowances: createEgressAllowanceStore(database.readers),
    clock,
  });
}
