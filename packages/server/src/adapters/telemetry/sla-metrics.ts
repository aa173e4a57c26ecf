import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** The counts of this process since its start. */
export interface SlaReading {
  readonly tasks: number;
  readonly failed: number;
  readonly late: number;
}

/** Exposes the ended tasks that this process counted; the sum over all processes is the total. */
export function registerSlaMetrics(registry: Registry, read: () => SlaReading): void {
  const gauge = (name: string, help: string, valueOf: (reading: SlaReading) => number): void => {
    const collect = function (this: Gauge): void {
      this.set(valueOf(read()));
    };
    registry.registerMetric(new Gauge({ name, help, registers: [], collect }));
  };
  gauge('colloquy_sla_counted_tasks', 'Ended tasks that this process counted.', ({ tasks }) => tasks);
  gauge(
    'colloquy_sla_failed_tasks',
    'Of those, tasks that failed through an agent or the platform.',
    ({ failed }) => failed,
  );
  gauge('colloquy_sla_late_tasks', 'Of those, tasks that ended later than was promised.', ({ late }) => late);
}
