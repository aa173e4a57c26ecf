import { Type } from 'typebox';
import type { Static } from 'typebox';
import { readUsage, readWholeUsage, usageGroupings } from '../../../modules/usage/index.ts';
import type { UsageGroup, UsageGrouping, UsageReport, UsageRequest } from '../../../modules/usage/index.ts';
import { AnsweredCsv } from '../csv.ts';
import type { CsvCell } from '../csv.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageFields, pageOfSchema, pageRequestOf, time } from '../page-schemas.ts';
import { sumCells, sumColumns, sumFields, sumsAnswer } from './usage-schemas.ts';

const groupSchema = component(
  'UsageGroup',
  Type.Object(
    {
      startsAt: Type.Optional(time('When the hour, day or month begins, in UTC.')),
      agent: Type.Optional(Type.String({ description: 'The agent that did the work.' })),
      skill: Type.Optional(Type.String({ description: 'The skill that the message named; empty: none.' })),
      department: Type.Optional(
        Type.String({ description: 'Of the client, or else of the agent that the task was sent to; empty: none.' }),
      ),
      costCenter: Type.Optional(Type.String({ description: 'As the department.' })),
      clientId: Type.Optional(Type.String({ description: 'Id of the principal that sent the tasks.' })),
      ...sumFields,
    },
    { ...closed, description: 'Has the members that the report is grouped by.' },
  ),
);

const usageSchema = component(
  'Usage',
  Type.Object(
    {
      from: time('The first hour of the period.'),
      to: time('The end of its last hour.'),
      pendingEntries: Type.Integer({
        description: 'Entries of the audit chain that are not counted yet; ended tasks may be among them.',
      }),
      total: Type.Object(sumFields, { ...closed, description: 'Of the whole period, whatever page this is.' }),
      ...pageOfSchema(groupSchema).properties,
    },
    closed,
  ),
);

const moment = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 32, description }));

const usageQuery = Type.Object(
  {
    from: moment('A day such as 2026-11-25, or a full hour of UTC; without it, the begin of the current month.'),
    to: moment('The same, exclusive; without it, now. At most 400 days after `from`.'),
    groupBy: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 80,
        description: `Some of ${usageGroupings.join(', ')}, with commas between them, at most one of the first three; without it, one group.`,
      }),
    ),
    ...pageFields,
  },
  closed,
);

const requestOf = ({ from, to, groupBy }: Static<typeof usageQuery>): UsageRequest => ({
  from: from ?? null,
  to: to ?? null,
  groupBy: groupBy ?? null,
});

function groupAnswer(group: UsageGroup): Static<typeof groupSchema> {
  const { startsAt, agentName, skillId, department, costCenter, clientId, ...sums } = group;
  return {
    ...(startsAt === null ? {} : { startsAt: startsAt.toISOString() }),
    ...(agentName === null ? {} : { agent: agentName }),
    ...(skillId === null ? {} : { skill: skillId }),
    ...(department === null ? {} : { department }),
    ...(costCenter === null ? {} : { costCenter }),
    ...(clientId === null ? {} : { clientId }),
    ...sumsAnswer(sums),
  };
}

function usageCsv({ from, to, groupBy, groups }: UsageReport): AnsweredCsv {
  const name = `usage-${from.toISOString().slice(0, 10)}-to-${to.toISOString().slice(0, 10)}.csv`;
  const head = [...groupBy.map((grouping) => (grouping === 'client' ? 'clientId' : grouping)), ...sumColumns];
  const rows = groups.items.map((group) => [...groupBy.map((grouping) => cellOf[grouping](group)), ...sumCells(group)]);
  return new AnsweredCsv(name, [head, ...rows]);
}

const startOf = ({ startsAt }: UsageGroup): CsvCell => startsAt?.toISOString() ?? '';
const cellOf: Readonly<Record<UsageGrouping, (group: UsageGroup) => CsvCell>> = {
  hour: startOf,
  day: startOf,
  month: startOf,
  agent: ({ agentName }) => agentName ?? '',
  skill: ({ skillId }) => skillId ?? '',
  department: ({ department }) => department ?? '',
  costCenter: ({ costCenter }) => costCenter ?? '',
  client: ({ clientId }) => clientId ?? '',
};

export const usageEndpoints = [
  endpoint({
    id: 'readUsage',
    method: 'GET',
    path: '/tenants/{tenant}/usage',
    operation: 'usage.read',
    summary: 'Read what the tenant used and what it cost, in a period, by group',
    query: usageQuery,
    answer: usageSchema,
    errors: ['usage.too-large'],
    hasCsv: true,
    uses: { readUsage, readWholeUsage },
    handle: async ({ readUsage, readWholeUsage }, { caller, query, fields }) => {
      if (fields.wantsCsv) return usageCsv(await readWholeUsage(caller, requestOf(query)));
      const { from, to, pendingEntries, total, groups } = await readUsage(
        caller,
        requestOf(query),
        pageRequestOf(query),
      );
      return {
        from: from.toISOString(),
        to: to.toISOString(),
        pendingEntries,
        total: sumsAnswer(total),
        ...pageAnswer(groups, groupAnswer),
      };
    },
  }),
];
