import { Type } from 'typebox';
import { readShowback } from '../../../modules/usage/index.ts';
import type { Showback } from '../../../modules/usage/index.ts';
import { AnsweredCsv } from '../csv.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, time } from '../page-schemas.ts';
import { amount, sumCells, sumColumns, sumFields, sumSchema, sumsAnswer } from './usage-schemas.ts';

const showbackSchema = component(
  'Showback',
  Type.Object(
    {
      month: Type.String({ description: 'A month of UTC, such as 2026-11.' }),
      from: time('When it begins.'),
      to: time('When the next one begins.'),
      pendingEntries: Type.Integer({
        description: 'Entries of the audit chain that are not counted yet; ended tasks may be among them.',
      }),
      ledgerMicrocredits: amount(
        'What the ledger took for tasks in the month. The same as `total.usedMicrocredits` once the month is over and nothing is pending.',
      ),
      total: sumSchema,
      departments: Type.Array(
        Type.Object(
          {
            department: Type.String({ description: 'Empty: tasks of no department.' }),
            sharePercent: Type.Number({ description: 'Of all that the tenant used; two decimals.' }),
            ...sumFields,
            costCenters: Type.Array(
              Type.Object(
                { costCenter: Type.String({ description: 'Empty: tasks of no cost center.' }), ...sumFields },
                closed,
              ),
            ),
          },
          closed,
        ),
      ),
    },
    closed,
  ),
);

function showbackCsv(month: string, { departments }: Showback): AnsweredCsv {
  const rows = departments.flatMap(({ department, costCenters }) =>
    costCenters.map((part) => [month, department, part.costCenter, ...sumCells(part)]),
  );
  return new AnsweredCsv(`showback-${month}.csv`, [['month', 'department', 'costCenter', ...sumColumns], ...rows]);
}

export const showbackEndpoints = [
  endpoint({
    id: 'readShowback',
    method: 'GET',
    path: '/tenants/{tenant}/usage/showback/{month}',
    operation: 'usage.read',
    summary: 'Read what each department of the tenant used in a month of UTC',
    answer: showbackSchema,
    errors: ['usage.too-large'],
    hasCsv: true,
    uses: { readShowback },
    handle: async ({ readShowback }, { caller, path: { month }, fields }) => {
      const showback = await readShowback(caller, month);
      if (fields.wantsCsv) return showbackCsv(month, showback);
      const { from, to, pendingEntries, ledgerMicrocredits, total, departments } = showback;
      return {
        month,
        from: from.toISOString(),
        to: to.toISOString(),
        pendingEntries,
        ledgerMicrocredits: Number(ledgerMicrocredits),
        total: sumsAnswer(total),
        departments: departments.map(({ department, shareBasisPoints, costCenters, ...sums }) => ({
          department,
          sharePercent: shareBasisPoints / 100,
          ...sumsAnswer(sums),
          costCenters: costCenters.map(({ costCenter, ...part }) => ({ costCenter, ...sumsAnswer(part) })),
        })),
      };
    },
  }),
];
