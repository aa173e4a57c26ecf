import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** Exposes the alerts about credits that this process raised since its start, by kind. */
export function registerAlertMetrics(registry: Registry, read: () => ReadonlyMap<string, number>): void {
  const raised = new Counter({
    name: 'colloquy_credit_alerts_total',
    help: 'Alerts about credits that this process raised, by kind.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      raised.reset();
      for (const [kind, count] of read()) raised.inc({ kind }, count);
    },
  });
}
