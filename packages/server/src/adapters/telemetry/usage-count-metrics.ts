import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** The counts of this process since its start. */
export interface UsageReading {
  readonly tasks: number;
  readonly microcredits: bigint;
}

/** Exposes the usage that this process counted; the sum over all processes is the total. */
export function registerUsageCountMetrics(registry: Registry, read: () => UsageReading): void {
  const gauge = (name: string, help: string, valueOf: (reading: UsageReading) => number): void => {
    const collect = function (this: Gauge): void {
      this.set(valueOf(read()));
    };
    registry.registerMetric(new Gauge({ name, help, registers: [], collect }));
  };
  gauge('colloquy_usage_counted_tasks', 'Ended tasks whose usage this process counted.', ({ tasks }) => tasks);
  gauge('colloquy_usage_counted_microcredits', 'Micro-credits that those tasks cost.', ({ microcredits }) =>
    Number(microcredits),
  );
}
