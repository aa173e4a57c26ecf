import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** Exposes the micro-credits of expired grants that this process took out of wallets since its start; the sum over all processes is the total. */
export function registerLapseMetrics(registry: Registry, read: () => bigint): void {
  const collect = function (this: Gauge): void {
    this.set(Number(read()));
  };
  const help = 'Micro-credits of expired grants that this process took out of wallets.';
  registry.registerMetric(new Gauge({ name: 'colloquy_credit_lapsed_microcredits', help, registers: [], collect }));
}
