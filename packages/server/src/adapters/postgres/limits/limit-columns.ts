import type { LimitSubject, SetLimit } from '../../../modules/limits/index.ts';

/** The columns that show a limit. */
export const limitColumns = `l.subject_kind, l.subject_id, l.requests_per_second, l.burst_requests, l.sends_per_day, l.sends_per_month,
  l.changed_by, l.changed_at`;

export interface LimitRow {
  readonly subject_kind: LimitSubject['kind'];
  readonly subject_id: string;
  readonly requests_per_second: number | null;
  readonly burst_requests: number | null;
  readonly sends_per_day: bigint | null;
  readonly sends_per_month: bigint | null;
  readonly changed_by: string;
  readonly changed_at: Date;
}

export function limitOf(row: LimitRow): SetLimit {
  return {
    subject: { kind: row.subject_kind, id: row.subject_id },
    requestsPerSecond: row.requests_per_second,
    burstRequests: row.burst_requests,
    sendsPerDay: numberOf(row.sends_per_day),
    sendsPerMonth: numberOf(row.sends_per_month),
    changedBy: row.changed_by,
    changedAt: row.changed_at,
  };
}

/** Every quota is an exact number. */
function numberOf(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}
