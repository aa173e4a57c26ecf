import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** The progress of sealing, as this process sees it. */
export interface SealReading {
  /** Null before the first check. */
  readonly lagMs: number | null;
  readonly sealed: number;
  readonly checkpoints: number;
  readonly isFailing: boolean;
}

/** Exposes the lag of the audit sealer, and the entries and checkpoints that this process sealed and signed. */
export function registerAuditMetrics(registry: Registry, read: () => SealReading): void {
  const gauge = (name: string, help: string, valueOf: (reading: SealReading) => number): void => {
    const collect = function (this: Gauge): void {
      this.set(valueOf(read()));
    };
    registry.registerMetric(new Gauge({ name, help, registers: [], collect }));
  };
  gauge(
    'colloquy_audit_seal_lag_seconds',
    'Age of the oldest audit entry that is not sealed.',
    ({ lagMs }) => (lagMs ?? 0) / 1000,
  );
  gauge('colloquy_audit_sealed_entries', 'Audit entries that this process sealed.', ({ sealed }) => sealed);
  gauge('colloquy_audit_signed_checkpoints', 'Checkpoints that this process signed.', ({ checkpoints }) => checkpoints);
  gauge(
    'colloquy_audit_seal_failing',
    '1 while the last round of the sealer could not be finished.',
    ({ isFailing }) => (isFailing ? 1 : 0),
  );
}
