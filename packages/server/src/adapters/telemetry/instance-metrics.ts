import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** The health changes of instances that this process has found so far. */
export interface InstanceReading {
  readonly answered: number;
  readonly strained: number;
  readonly failed: number;
  readonly lapsed: number;
  readonly changed: number;
}

/** Exposes the probes of this process by outcome, and the health changes of instances. */
export function registerInstanceMetrics(registry: Registry, read: () => InstanceReading): void {
  registry.registerMetric(
    new Counter({
      name: 'colloquy_instance_probes_total',
      help: 'Probes of instances that this process made, by what came of them.',
      labelNames: ['outcome'],
      registers: [],
      collect() {
        this.reset();
        const { answered, strained, failed } = read();
        for (const [outcome, count] of Object.entries({ answered, strained, failed })) this.inc({ outcome }, count);
      },
    }),
  );
  const counter = (name: string, help: string, valueOf: (reading: InstanceReading) => number): void => {
    const collect = function (this: Counter): void {
      this.reset();
      this.inc(valueOf(read()));
    };
    registry.registerMetric(new Counter({ name, help, registers: [], collect }));
  };
  counter(
    'colloquy_instance_leases_lapsed_total',
    'Leases of instances that ended without a renewal, as this process found.',
    ({ lapsed }) => lapsed,
  );
  counter(
    'colloquy_instance_health_changes_total',
    'Times that this process found an instance in another state of health than before.',
    ({ changed }) => changed,
  );
}
