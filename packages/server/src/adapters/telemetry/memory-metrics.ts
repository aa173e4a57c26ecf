import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** Counts refused answers and evicted readers. */
export interface MemoryCounts {
  countRefusal(bound: 'tenant' | 'process'): void;
  countEviction(): void;
}

/** Exposes the bytes that this process holds for its tenants, and what came of the bound on them. */
export function registerMemoryMetrics(registry: Registry, read: () => Readonly<Record<string, number>>): MemoryCounts {
  const held = new Gauge({
    name: 'colloquy_held_bytes',
    help: 'Bytes in memory of answers from agents, of answers to callers, and of notifications to receivers.',
    labelNames: ['for'],
    registers: [registry],
    collect() {
      for (const [kind, bytes] of Object.entries(read())) held.set({ for: kind }, bytes);
    },
  });
  const refusals = new Counter({
    name: 'colloquy_held_bytes_refusals_total',
    help: 'Answers refused because their tenant, or all tenants together, hold as many bytes as they may.',
    labelNames: ['bound'],
    registers: [registry],
  });
  const evictions = new Counter({
    name: 'colloquy_held_bytes_evictions_total',
    help: 'Readers that took nothing and lost their connections, so that others could go on.',
    registers: [registry],
  });
  return {
    countRefusal: (bound) => refusals.labels(bound).inc(),
    countEviction: () => evictions.inc(),
  };
}
