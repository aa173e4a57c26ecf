import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** Exposes how many usage reports of agents this process could not read. */
export function registerUsageMetrics(registry: Registry, readMalformed: () => number): void {
  let counted = 0;
  const reports = new Counter({
    name: 'colloquy_usage_reports_malformed_total',
    help: 'Usage reports of agents that could not be read and count as none.',
    registers: [registry],
    collect() {
      const now = readMalformed();
      reports.inc(now - counted);
      counted = now;
    },
  });
}
