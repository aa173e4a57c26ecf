import type { QuotaPeriod } from './rate-limit.ts';

/** A day or a month of the calendar in UTC. */
export interface CalendarPeriod {
  /** Its first day, `YYYY-MM-DD`. */
  readonly beginsOn: string;
  /** Milliseconds since the epoch at which the next one begins. */
  readonly endsAtMs: number;
}

const dayMs = 24 * 60 * 60_000;

export function periodAt(period: QuotaPeriod, nowMs: number): CalendarPeriod {
  return period === 'day' ? dayAt(nowMs) : monthAt(nowMs);
}

function dayAt(nowMs: number): CalendarPeriod {
  const beginsAtMs = Math.floor(nowMs / dayMs) * dayMs;
  return { beginsOn: dateOf(beginsAtMs), endsAtMs: beginsAtMs + dayMs };
}

function monthAt(nowMs: number): CalendarPeriod {
  const now = new Date(nowMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return { beginsOn: dateOf(Date.UTC(year, month, 1)), endsAtMs: Date.UTC(year, month + 1, 1) };
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
