import { acknowledged, answered, recordedOnce } from './acknowledged.ts';
import { audited } from './audit.ts';
import type { Evidence, Invariant, Violation } from './evidence.ts';
import { killsInFlight } from './kills.ts';
import { reservations, transfers, walletIdentity } from './ledger.ts';
import { effects, outcomes, results } from './outcomes.ts';
import { streams } from './streams.ts';
import { endedOnce, gapless } from './task-logs-invariants.ts';

/** Everything that must hold after any number of kills. */
export const invariants: readonly Invariant[] = [
  acknowledged,
  answered,
  recordedOnce,
  gapless,
  endedOnce,
  outcomes,
  results,
  effects,
  walletIdentity,
  transfers,
  reservations,
  audited,
  streams,
  killsInFlight,
];

/** What one invariant found. */
export interface Finding {
  readonly invariant: Invariant;
  /** How many things were checked. */
  readonly checked: number;
  readonly violations: readonly Violation[];
}

/** Holds the evidence against every promise. An invariant that had nothing to check is a violation itself. */
export function judge(evidence: Evidence, promised: readonly Invariant[]): Finding[] {
  return promised.map((invariant) => {
    const checked = invariant.population(evidence);
    const found = invariant.breaches(evidence);
    const empty = checked === 0 ? [{ subject: 'the run', detail: 'there was nothing to check' }] : [];
    const violations = [...empty, ...found].map((violation) => ({ invariant: invariant.name, ...violation }));
    return { invariant, checked, violations };
  });
}
