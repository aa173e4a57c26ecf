import { Type } from 'typebox';
import { readCreditStatement } from '../../../modules/metering/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, time } from '../page-schemas.ts';
import { balanceAnswer, balanceSchema, entryKinds } from './credit-endpoints.ts';

const statementSchema = component(
  'CreditStatement',
  Type.Object(
    {
      month: Type.String({ description: 'A month of UTC, such as 2026-11.' }),
      from: time('When it begins.'),
      to: time('When the next one begins.'),
      isFinal: Type.Boolean({ description: 'Whether no more entries of the month will come.' }),
      opening: balanceSchema,
      lines: Type.Array(
        Type.Object(
          {
            kind: Type.Enum(entryKinds),
            entries: Type.Integer({ minimum: 0 }),
            amountMicrocredits: Type.Integer({ minimum: 0, description: 'The sum of these entries.' }),
          },
          closed,
        ),
        { description: 'One of each kind of entry, also without entries.' },
      ),
      closing: balanceSchema,
    },
    { ...closed, description: 'The closing balance of a month is the opening balance of the next.' },
  ),
);

export const creditStatementEndpoints = [
  endpoint({
    id: 'readCreditStatement',
    method: 'GET',
    path: '/tenants/{tenant}/credits/statements/{month}',
    operation: 'credits.read',
    summary: 'Read what moved the credits of the tenant in a month of UTC',
    answer: statementSchema,
    uses: { readCreditStatement },
    handle: async ({ readCreditStatement }, { caller, path: { month } }) => {
      const { from, to, isFinal, opening, lines, closing } = await readCreditStatement(caller, month);
      return {
        month,
        from: from.toISOString(),
        to: to.toISOString(),
        isFinal,
        opening: balanceAnswer(opening),
        lines: lines.map(({ kind, entries, amountMicrocredits }) => ({
          kind,
          entries: Number(entries),
          amountMicrocredits: Number(amountMicrocredits),
        })),
        closing: balanceAnswer(closing),
      };
    },
  }),
];
