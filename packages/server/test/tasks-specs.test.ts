/** Guarantee: the specifications say what the code does: their tables are its tables, and every rule has an id that a test cites. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { taskStates } from '@colloquy/protocol';
import { closingOf, isOfTask, ledgerMoves } from '../src/modules/metering/index.ts';
import type { LedgerEntryKind } from '../src/modules/metering/index.ts';
import { breakerMachine } from '../src/modules/routing/breaker-machine.ts';
import type { BreakerEvent } from '../src/modules/routing/breaker-machine.ts';
import { taskMachine } from '../src/modules/tasks/index.ts';

const root = path.join(import.meta.dirname, '../../..');
const specs = new Map(
  globSync('docs/specs/*.md', { cwd: root }).map((file) => [
    path.basename(file),
    readFileSync(path.join(root, file), 'utf8'),
  ]),
);
const testFiles = new Map(
  globSync('{packages,suites,bench,conformance,examples,tools}/**/*.test.ts', {
    cwd: root,
    exclude: (name) => name.split(path.sep).includes('node_modules'),
  }).map((file) => [file, readFileSync(path.join(root, file), 'utf8')]),
);

/** The ids of a specification's rules, such as `LEASE-4`, in their order. */
function ruleIds(spec: string): readonly string[] {
  return Array.from(spec.matchAll(/^- \*\*(.+?)\*\*/gm), ([, id = '']) => id);
}

/** The ids of rules with which the titles of a test file begin, also the titles in tables of cases. */
function citedIds(source: string): readonly string[] {
  const titles = source.matchAll(/\b(?:(?:it|test|describe)\(|title:)\s*['"`]((?:[A-Z]+-\d+ )+)/g);
  return Array.from(titles, ([, ids = '']) => ids.trim().split(' ')).flat();
}

/** The cells of every row of a table whose first cell is a state. */
function rowsByState(spec: string, header: RegExp): ReadonlyMap<string, readonly string[]> {
  const lines = spec.split('\n');
  const from = lines.findIndex((line) => header.test(line));
  const rows = new Map<string, readonly string[]>();
  for (const line of lines.slice(from + 2)) {
    if (!line.startsWith('|')) break;
    const [state = '', ...cells] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    rows.set(state.replaceAll('`', ''), cells);
  }
  return rows;
}

const breakerEvents: readonly BreakerEvent[] = [
  'answer',
  'fault',
  'last-fault',
  'probe-granted',
  'probe-answer',
  'probe-fault',
];
const stored = taskStates.filter((state) => state !== 'TASK_STATE_UNSPECIFIED');
const nameOf = (state: string): string => state.replace('TASK_STATE_', '').toLowerCase().replace('_', '-');

describe('the specifications', () => {
  it('are those of task lifecycle, lease, credits, stream resumption, audit chain, breaker, delegation, instances, routing, service levels and the task queue', () => {
    assert.deepEqual([...specs.keys()].toSorted(), [
      'audit-chain.md',
      'breaker.md',
      'credits.md',
      'delegation.md',
      'instances.md',
      'lease.md',
      'routing.md',
      'sla.md',
      'stream-resumption.md',
      'task-lifecycle.md',
      'task-queue.md',
    ]);
  });

  it('have the table of the breaker as it is', () => {
    const rows = rowsByState(specs.get('breaker.md') ?? '', /^\| State +\| answer/);
    const table = Object.entries(breakerMachine).map(([state, next]) => [
      state,
      breakerEvents.map((event) => `\`${next[event]}\``),
    ]);
    assert.deepEqual([...rows], table);
  });

  it('number their rules upward from 1, behind a prefix of their own', () => {
    const prefixes = new Set<string>();
    for (const [name, spec] of specs) {
      const ids = ruleIds(spec);
      const prefix = /^[A-Z]+(?=-\d+$)/.exec(ids[0] ?? '')?.[0] ?? '';
      assert.ok(prefix !== '' && !prefixes.has(prefix), `${name}: the prefix "${prefix}" is missing or taken`);
      prefixes.add(prefix);
      const numbers = ids.map((id) => Number(id.slice(prefix.length + 1)));
      assert.ok(ids.every((id) => id.startsWith(`${prefix}-`)) && numbers[0] === 1, name);
      assert.ok(
        numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0)),
        name,
      );
      assert.ok(ids.length >= 8, name);
    }
  });

  it('have rules that are unique, each cited by the title of a test, and no test cites another rule', () => {
    const ids = [...specs.values()].flatMap(ruleIds);
    assert.equal(new Set(ids).size, ids.length);
    const cited = new Set([...testFiles.values()].flatMap(citedIds));
    assert.deepEqual(
      ids.filter((id) => !cited.has(id)),
      [],
      'rules that no test cites',
    );
    for (const [file, source] of testFiles)
      assert.deepEqual(
        citedIds(source).filter((id) => !ids.includes(id)),
        [],
        `${file} cites rules that no specification has`,
      );
  });

  it('are the files that the tests name', () => {
    for (const [file, source] of testFiles) {
      for (const [, cited = ''] of source.matchAll(/Spec: docs\/specs\/([\w-]+\.md)/g))
        assert.ok(specs.has(cited), `${file} cites ${cited}`);
    }
  });

  it('tell the task machine as it is', () => {
    const rows = rowsByState(specs.get('task-lifecycle.md') ?? '', /\| report/);
    const machine = stored.map((state) => {
      const { report, continue: further, resume, cancel, 'take-over': takeOver, expire } = taskMachine[state];
      return [nameOf(state), [report, further, resume, cancel, takeOver, expire]] as const;
    });
    assert.deepEqual(rows, new Map(machine));
  });

  it('tell the closing of a reservation as it is', () => {
    const rows = rowsByState(specs.get('credits.md') ?? '', /\| Closing/);
    assert.deepEqual(rows, new Map(stored.map((state) => [nameOf(state), [closingOf(state)]] as const)));
  });

  it('tell the accounts that each kind of ledger entry moves credits between as they are', () => {
    const rows = rowsByState(specs.get('credits.md') ?? '', /^\| Kind +\| From/);
    const told = Array.from(rows, ([kind, [from, to, id]]) => [kind, from, to, id === 'task']);
    const moves = Object.entries(ledgerMoves).map(([kind, { from, to }]) => [kind, `\`${from}\``, `\`${to}\``]);
    assert.deepEqual(
      told,
      moves.map(([kind, ...accounts]) => [kind, ...accounts, isOfTask(kind as LedgerEntryKind)]),
    );
  });
});
