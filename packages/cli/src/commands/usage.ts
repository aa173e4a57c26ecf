import { pages } from '@colloquy/sdk/client';
import type { OperationAnswer } from '@colloquy/sdk/client';
import { itemsWantedBy, limitOption } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { creditsText } from '../output/credits.ts';
import type { Output } from '../output/output.ts';
import { table } from '../output/table.ts';

const csvOption = {
  type: 'boolean',
  description: 'Print comma-separated values (RFC 4180), in micro-credits',
} as const;

type Usage = OperationAnswer<'readUsage'>;
type Group = Usage['items'][number];
type Totals = Omit<Usage, 'items' | 'next'>;

const pageGroups = 100;

/** Columns that a report can be grouped by, as the API names them, and how a person reads them. */
const groupColumns = [
  ['startsAt', 'FROM'],
  ['agent', 'AGENT'],
  ['skill', 'SKILL'],
  ['department', 'DEPARTMENT'],
  ['costCenter', 'COST CENTER'],
  ['clientId', 'CLIENT'],
] as const;
const sumHead = ['CALLS', 'COMPLETED', 'CACHED', 'FAILED', 'CANCELED', 'REJECTED', 'CREDITS'];

const sumCells = (sums: Usage['total']): readonly string[] => [
  String(sums.calls),
  String(sums.completed),
  String(sums.cached),
  String(sums.failed),
  String(sums.canceled),
  String(sums.rejected),
  creditsText(sums.usedMicrocredits),
];

const usageReport: Command = {
  name: 'usage report',
  summary: 'Report what the tenant used and what it cost in a period',
  positionals: [],
  options: {
    from: { type: 'string', value: 'time', description: 'Day, or full hour of UTC; default: the begin of this month' },
    to: { type: 'string', value: 'time', description: 'The same, exclusive; default: now' },
    by: {
      type: 'string',
      value: 'names',
      description: 'Some of hour, day or month, and agent, skill, department, costCenter, client; default: agent',
    },
    csv: csvOption,
    ...limitOption('groups'),
  },
  connects: true,
  details:
    'A task counts in the hour in which it ended, for the department of its client, or else of its agent.\n' +
    'Needs the scope credits:read. --csv prints every group, --json micro-credits.',
  examples: [
    'colloquy usage report --by department,day --from 2026-11-01 --to 2026-12-01',
    'colloquy usage report --by agent,skill,client --csv > usage.csv',
  ],
  async run({ args, client, output, signal }) {
    const { admin } = client();
    const query = { from: args.text('from'), to: args.text('to'), groupBy: args.text('by') ?? 'agent', signal };
    if (args.flag('csv')) return printCsv(output, await admin.csv('readUsage', query));
    const groupsWanted = itemsWantedBy(args);
    const groups: Group[] = [];
    // The total of the newest page: it has every task that the groups have.
    let report: Totals | undefined;
    for await (const { items, next: _, ...facts } of pages(admin.readUsage, { ...query, limit: pageGroups })) {
      report = facts;
      groups.push(...items.slice(0, groupsWanted - groups.length));
      if (groups.length >= groupsWanted) break;
    }
    if (report === undefined) throw new Error('A report has no page.');
    output.print({ ...report, groups }, reportText(report, groups));
  },
};

/** As it is, with the line breaks of CSV. */
function printCsv(output: Output, csv: string): void {
  output.print({ csv }, '');
  output.write(csv);
}

function reportText({ from, to, pendingEntries, total }: Totals, groups: readonly Group[]): string {
  const columns = groupColumns.filter(([name]) => groups.some((group) => group[name] !== undefined));
  const rows = groups.map((group) => [...columns.map(([name]) => group[name] || '-'), ...sumCells(group)]);
  const sum = ['total', ...columns.slice(1).map(() => ''), ...sumCells(total)];
  const notes = [`${from} to ${to}`, ...pendingText(pendingEntries)];
  if (rows.length === 0) return [...notes, 'No tasks ended.'].join('\n');
  return `${notes.join('\n')}\n${table([...columns.map(([, head]) => head), ...sumHead], [...rows, sum])}`;
}

const pendingText = (entries: number): readonly string[] =>
  entries === 0 ? [] : [`${entries} audit entries are not counted yet.`];

const usageShowback: Command = {
  name: 'usage showback',
  summary: 'Report what each department used in a month of UTC',
  positionals: ['<month>'],
  options: { csv: csvOption },
  connects: true,
  details: 'SHARE is the part of all credits that the tenant used in the month. Needs the scope credits:read.',
  examples: ['colloquy usage showback 2026-11', 'colloquy usage showback 2026-11 --csv > showback.csv'],
  async run({ args, client, output }) {
    const { admin } = client();
    const query = { month: args.positional(0) };
    if (args.flag('csv')) return printCsv(output, await admin.csv('readShowback', query));
    const showback = await admin.readShowback(query);
    output.print(showback, showbackText(showback));
  },
};

function showbackText({
  month,
  pendingEntries,
  ledgerMicrocredits,
  total,
  departments,
}: OperationAnswer<'readShowback'>): string {
  const rows = departments.flatMap(({ department, sharePercent, costCenters }) =>
    costCenters.map((part, at) => [
      department || '-',
      at === 0 ? `${sharePercent} %` : '',
      part.costCenter || '-',
      ...sumCells(part),
    ]),
  );
  const ledger = `The ledger took ${creditsText(ledgerMicrocredits)} credits for tasks in ${month}.`;
  const notes = [ledger, ...pendingText(pendingEntries)].join('\n');
  if (rows.length === 0) return `${notes}\nNo tasks ended.`;
  return `${notes}\n${table(['DEPARTMENT', 'SHARE', 'COST CENTER', ...sumHead], [...rows, ['total', '', '', ...sumCells(total)]])}`;
}

export const usageNouns: Nouns = {
  usage: { group: 'Credits and limits', summary: 'Report what the tenant used, by agent, department or client' },
};

/** The commands of usage, in the order of the help. */
export const usageCommands: readonly Command[] = [usageReport, usageShowback];
