import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** The totals of all agents' queues, as this process last read them. */
export interface QueueReading {
  readonly queues: number;
  readonly queuedTasks: number;
  /** Of the task that has waited longest among those that are next. */
  readonly ageMs: number;
}

/** Exposes how much waits for slots of agents, and for how long: the same on every process, so take the greatest of them. */
export function registerQueueMetrics(registry: Registry, read: () => QueueReading): void {
  const gauge = (name: string, help: string, valueOf: (reading: QueueReading) => number): void => {
    const collect = function (this: Gauge): void {
      this.set(valueOf(read()));
    };
    registry.registerMetric(new Gauge({ name, help, registers: [], collect }));
  };
  gauge('colloquy_queue_agents', 'Agents whose queues are not empty.', ({ queues }) => queues);
  gauge('colloquy_queue_tasks', 'Tasks that wait for a slot of their agent.', ({ queuedTasks }) => queuedTasks);
  gauge(
    'colloquy_queue_age_seconds',
    'How long the task has waited that has waited longest.',
    ({ ageMs }) => ageMs / 1000,
  );
}
