import type { CountingRules } from '../../../modules/sla/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

export interface CountingRow {
  readonly entries: bigint;
  readonly tasks: bigint;
  readonly failed: bigint;
  readonly late: bigint;
  readonly is_full: boolean;
}

/** What one transaction looks at: tenants, and entries of each; see `limits`. */
export interface CountingBounds {
  readonly slaCountTenantsMax: number;
  readonly slaCountEntriesMax: number;
}

const text = `
  select entries, tasks, failed, late, is_full
  from colloquy.count_ended_tasks($1, $2, $3::text[], $4::text[], $5::integer[], $6::integer[], $7::integer[])`;

/** Counts what has ended since the last time, up to a bound, and moves the places behind it. */
export function countEndedTasks(
  { excusingCodes, defaults }: CountingRules,
  { slaCountTenantsMax, slaCountEntriesMax }: CountingBounds,
): Statement<CountingRow> {
  return {
    name: 'count-ended-tasks',
    text,
    values: [
      slaCountTenantsMax,
      slaCountEntriesMax,
      plainArray(excusingCodes),
      plainArray(defaults.map(({ tier }) => tier)),
      plainArray(defaults.map(({ availabilityPpm }) => availabilityPpm)),
      plainArray(defaults.map(({ latencyMs }) => latencyMs)),
      plainArray(defaults.map(({ latencyPpm }) => latencyPpm)),
    ],
  };
}
