import { percentile } from '@colloquy/bench/figures/statistics';
import type { EventRow, Evidence, Invariant, OperationRecord, StreamLeg } from './evidence.ts';
import { logsOf } from './task-log.ts';

/** How one cut of a stream was mended. */
export interface Resume {
  readonly operation: string;
  /**
   * From the cut, as the client noticed it, until a new connection was open and had shown every event that was written before it
   * opened. Infinite when that never happened. Failed attempts and the pauses between them are in it.
   */
  readonly ms: number;
  /** From the cut to the first event of the new connection; null when none came. It depends on what the agent says when. */
  readonly nextEventMs: number | null;
}

/** Every cut of every stream, by the platform's death or by the client itself. */
export function resumesOf(evidence: Evidence): Resume[] {
  const logs = logsOf(evidence);
  return evidence.operations.flatMap((operation) => {
    const log = logs.get(operation.acknowledged[0] ?? '') ?? [];
    return resumesIn(
      operation,
      log.filter(({ kind }) => kind !== 'turn'),
    );
  });
}

function resumesIn({ operation, legs, outcome }: OperationRecord, log: readonly EventRow[]): Resume[] {
  const found: Resume[] = [];
  let cutAtMs: number | null = null;
  for (const [index, leg] of legs.entries()) {
    if (leg.openedAtMs === null) continue;
    const caughtUpAtMs = cutAtMs === null ? null : caughtUp(leg, leg.openedAtMs, log);
    if (cutAtMs !== null && caughtUpAtMs !== null) {
      const next = leg.events[0]?.atMs;
      found.push({
        operation,
        ms: caughtUpAtMs - cutAtMs,
        nextEventMs: next === undefined ? null : next - cutAtMs,
      });
      cutAtMs = null;
    }
    const isEnd = index === legs.length - 1 && outcome?.kind === 'ok';
    if (!isEnd) cutAtMs ??= leg.endedAtMs;
  }
  if (cutAtMs !== null) found.push({ operation, ms: Number.POSITIVE_INFINITY, nextEventMs: null });
  return found;
}

/** When a connection had shown what was written before it opened; null when it was cut before that. */
function caughtUp(leg: StreamLeg, openedAtMs: number, log: readonly EventRow[]): number | null {
  const target = log.findLast(({ occurredAtMs }) => occurredAtMs <= openedAtMs)?.seq ?? 0;
  if (target <= (leg.after ?? 0)) return openedAtMs;
  const shown = leg.events.find(({ seq }) => seq >= target);
  return shown === undefined ? null : Math.max(openedAtMs, shown.atMs);
}

/** A cut stream goes on soon. */
export function resumedInTime(msMax: number): Invariant {
  return {
    name: 'resumed in time',
    promise: `99 % of the cut streams were open again, with all that was written meanwhile, within ${msMax} ms`,
    population: (evidence) => resumesOf(evidence).length,
    breaches(evidence) {
      const resumes = resumesOf(evidence);
      const p99 = percentileOf(resumes, 0.99);
      const worst = resumes.toSorted((one, other) => other.ms - one.ms)[0];
      if (worst === undefined || p99 <= msMax) return [];
      return [{ subject: worst.operation, detail: `p99 ${p99} ms, at worst ${worst.ms} ms` }];
    },
  };
}

/** Percentile of the time that resumes took. */
export function percentileOf(resumes: readonly Resume[], share: number): number {
  const sorted = resumes.map(({ ms }) => ms).toSorted((one, other) => one - other);
  return percentile(sorted, share);
}

/** Percentile of the time to the next event, of the resumes that saw one. */
export function nextEventPercentile(resumes: readonly Resume[], share: number): number {
  const sorted = resumes.flatMap(({ nextEventMs }) => nextEventMs ?? []).toSorted((one, other) => one - other);
  return percentile(sorted, share);
}
