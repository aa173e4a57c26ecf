import { Type } from 'typebox';
import type { Static, TInteger } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { usedMicrocredits } from '../../../modules/usage/index.ts';
import type { UsageSums } from '../../../modules/usage/index.ts';
import type { CsvCell } from '../csv.ts';
import { closed } from '../page-schemas.ts';

const count = (description: string): TInteger => Type.Integer({ minimum: 0, description });
export const amount = (description: string): TInteger =>
  Type.Integer({ minimum: 0, maximum: limits.amountMicrocreditsMax, description });

/** The members of every sum. */
export const sumFields = {
  calls: count('Tasks that ended.'),
  completed: count('Of those, tasks that an agent completed,'),
  cached: count('that a cached result answered,'),
  failed: count('that failed,'),
  canceled: count('that were canceled,'),
  rejected: count('and that were rejected.'),
  settledMicrocredits: amount('Paid from reservations.'),
  chargedMicrocredits: amount('Paid above reservations, from what was available.'),
  overageMicrocredits: amount('Used beyond what was granted.'),
  usedMicrocredits: amount('The sum of the three.'),
  items: Type.Number({ minimum: 0, description: 'Items of tasks whose price depends on what they took.' }),
  workedMs: count('Working time of these tasks.'),
  units: Type.Record(Type.String(), Type.Number({ minimum: 0 }), {
    description: 'What these tasks took of the units that the price names.',
  }),
};

export const sumSchema = Type.Object(sumFields, closed);

export function sumsAnswer(sums: UsageSums): Static<typeof sumSchema> {
  return {
    calls: Number(sums.calls),
    completed: Number(sums.completed),
    cached: Number(sums.cached),
    failed: Number(sums.failed),
    canceled: Number(sums.canceled),
    rejected: Number(sums.rejected),
    settledMicrocredits: Number(sums.settledMicrocredits),
    chargedMicrocredits: Number(sums.chargedMicrocredits),
    overageMicrocredits: Number(sums.overageMicrocredits),
    usedMicrocredits: Number(usedMicrocredits(sums)),
    items: sums.items,
    workedMs: sums.workedMs,
    units: { ...sums.units },
  };
}

/** Columns of every sum as CSV, after those of its group. */
export const sumColumns = Object.keys(sumFields);

/** The units of a group are one cell, as JSON: which ones there are differs from group to group. */
export function sumCells(sums: UsageSums): readonly CsvCell[] {
  const { units, ...numbers } = sumsAnswer(sums);
  return [...Object.values(numbers), JSON.stringify(units)];
}
