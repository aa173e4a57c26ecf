import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** Counts since the start of the process. */
export interface EventDeliveryReading {
  readonly delivered: number;
  readonly retrying: number;
  readonly dead: number;
  readonly gone: number;
  readonly missed: number;
}

/** Exposes the attempts of this process to deliver events to sinks, and the events that it found dropped. */
export function registerEventMetrics(registry: Registry, read: () => EventDeliveryReading): void {
  const outcomes = ['delivered', 'retrying', 'dead', 'gone'] as const;
  const attempts = new Counter({
    name: 'colloquy_event_attempts_total',
    help: 'Attempts to deliver an event to a sink, by outcome; dead is one that dead-lettered its event.',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      attempts.reset();
      const reading = read();
      for (const outcome of outcomes) attempts.inc({ outcome }, reading[outcome]);
    },
  });
  const missed = new Counter({
    name: 'colloquy_events_missed_total',
    help: 'Events that left the outbox before a sink got them.',
    registers: [registry],
    collect() {
      missed.reset();
      missed.inc(read().missed);
    },
  });
}
