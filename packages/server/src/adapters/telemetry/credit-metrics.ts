import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** Exposes the micro-credits of expired grants that this process took out of wallets since its start; the sum over all processes is the total. */
export function registerLapseMetrics(registry: Registry, read: () => bigint): void {
  const help = 'Micro-credits of expired grants that this process took out of wallets.';
  register(registry, { name: 'colloquy_credit_lapsed_microcredits', help }, read);
}

/** Exposes how far the wallets of all tenants are off; every worker exposes the same. */
export function registerDriftMetrics(registry: Registry, read: () => bigint): void {
  const help = 'Micro-credits by which wallets differ from their ledgers, over all tenants. Any but 0 is an error.';
  register(registry, { name: 'colloquy_credit_drift_microcredits', help }, read);
}

function register(
  registry: Registry,
  gauge: { readonly name: string; readonly help: string },
  read: () => bigint,
): void {
  const collect = function (this: Gauge): void {
    this.set(Number(read()));
  };
  registry.registerMetric(new Gauge({ ...gauge, registers: [], collect }));
}
