import { inspect } from 'node:util';
import type { Exemption, Level, Requirement } from '../requirement.ts';
import { columns } from './judge.ts';
import type { Judged, Judgement, Outcome, Verdict } from './judge.ts';

const header = ['requirement', 'section', 'level', ...columns, ''];

/** The table requirement × binding, without what nothing can prove; then how much of that there is, and what went wrong. */
export function linesOf({ rows, failures, stale }: Judgement): string[] {
  const judged = rows.filter(({ requirement }) => requirement.exempt === undefined);
  const table = judged.map(({ requirement, verdicts }) => [
    requirement.id,
    requirement.section,
    requirement.level,
    ...columns.map((column) => verdicts[column]),
    requirement.says,
  ]);
  const exemptions = [...Map.groupBy(rows, ({ requirement }) => requirement.exempt?.because)]
    .filter((entry): entry is [Exemption, Judged[]] => entry[0] !== undefined)
    .map(([because, exempted]) => `${exempted.length} bind or concern: ${meaning[because]}`);
  return [
    ...aligned([header, ...table]),
    '',
    'Nothing here can prove:',
    ...exemptions.map((line) => `  ${line}`),
    ...failures.flatMap((failure) => ['', ...failureLines(failure)]),
    ...stale.flatMap(({ scenario, on }) => [
      '',
      `HELD, though known to fail: ${scenario} (${on}). Take it off the list.`,
    ]),
  ];
}

const meaning: Readonly<Record<Exemption, string>> = {
  caller: 'callers of the gateway and receivers of its webhooks',
  agent: 'the conduct of agents',
  author: 'authors of the specification, of extensions and of libraries',
  'custom-binding': 'custom bindings, of which there is none',
  deployment: 'how it is deployed',
  paper: 'documents, organisations and law',
  inward: 'what does not reach the wire',
};

function failureLines({ scenario, on, error }: Outcome): string[] {
  const text = error instanceof Error ? error.message : inspect(error);
  return [
    `FAILED ${scenario.name} (${on}; ${scenario.cites.join(', ')})`,
    ...text.split('\n').map((line) => `  ${line}`),
  ];
}

function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = header.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  return table.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** How many requirements of a level hold wherever they are judged. */
function tallyOf(rows: readonly Judged[], level: Level): object {
  const judged = rows.filter(({ requirement }) => requirement.level === level && requirement.exempt === undefined);
  const all = ({ verdicts }: Judged): readonly Verdict[] => columns.map((column) => verdicts[column]);
  const count = (verdict: Verdict): number => judged.filter((row) => all(row).includes(verdict)).length;
  const held = judged.filter((row) => all(row).every((verdict) => verdict === 'held' || verdict === '–')).length;
  return { held, of: judged.length, failed: count('FAILED'), known: count('known'), skipped: count('skipped') };
}

export interface RunFacts {
  readonly requirements: readonly Requirement[];
  readonly outcomes: readonly Outcome[];
  readonly seconds: number;
  readonly quick: boolean;
}

/** The last line: what a program reads. */
export function summaryOf({ rows, failures, stale }: Judgement, facts: RunFacts): object {
  return {
    suite: 'conformance',
    ok: failures.length === 0 && stale.length === 0,
    specification: '1.0.1',
    must: tallyOf(rows, 'must'),
    should: tallyOf(rows, 'should'),
    exempt: facts.requirements.filter(({ exempt }) => exempt !== undefined).length,
    scenarios: facts.outcomes.length,
    failed: failures.length,
    stale: stale.length,
    quick: facts.quick,
    seconds: facts.seconds,
  };
}
