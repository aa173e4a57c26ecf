import type { ObjectiveChange, SlaObjective, SlaSubject } from '../../../modules/sla/index.ts';

export const objectiveColumns =
  'kind, subject, holds_from, availability_ppm, latency_ms, latency_ppm, changed_by, changed_at';

export interface ObjectiveRow {
  readonly kind: SlaSubject['kind'];
  readonly subject: string;
  readonly holds_from: Date;
  readonly availability_ppm: number | null;
  readonly latency_ms: number | null;
  readonly latency_ppm: number | null;
  readonly changed_by: string;
  readonly changed_at: Date;
}

export function changeOf(row: ObjectiveRow): ObjectiveChange {
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only tiers are written as names of tiers
    subject: { kind: row.kind, name: row.subject } as SlaSubject,
    objective: objectiveOf(row),
    holdsFrom: row.holds_from,
    changedBy: row.changed_by,
    changedAt: row.changed_at,
  };
}

function objectiveOf({ availability_ppm, latency_ms, latency_ppm }: ObjectiveRow): SlaObjective | null {
  if (availability_ppm === null || latency_ms === null || latency_ppm === null) return null;
  return { availabilityPpm: availability_ppm, latencyMs: latency_ms, latencyPpm: latency_ppm };
}

/** A change takes effect at the next full hour, so each hour of UTC has one objective. */
export const nextHour = `date_trunc('hour', colloquy.now_utc(), 'UTC') + interval '1 hour'`;

/** The month of a report, from its start to the start of the next month: `YYYY-MM` in this placeholder, or the current month. */
export const monthAt = (place: string): string => `
  select b.begins, (b.begins at time zone 'UTC' + interval '1 month') at time zone 'UTC' as ends,
    date_trunc('hour', colloquy.now_utc(), 'UTC') as this_hour
  from (select coalesce((${place}::text || '-01')::timestamp at time zone 'UTC', date_trunc('month', colloquy.now_utc(), 'UTC')) as begins) b`;
