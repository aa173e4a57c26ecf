/** Guarantee: the specifications say what the code does: their tables are its tables, and every invariant names tests that exist. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { taskStates } from '@colloquy/protocol';
import { closingOf } from '../src/modules/metering/index.ts';
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
  globSync(
    ['packages/server/{src,test}/**/*.test.ts', 'packages/protocol/src/audit/*.test.ts', 'suites/security/*.test.ts'],
    { cwd: root },
  ).map((file) => [path.basename(file), readFileSync(path.join(root, file), 'utf8')]),
);

/** The titles of the tests of a file, as they read. */
function titlesOf(source: string): ReadonlySet<string> {
  const titles = source.matchAll(/^\s*it\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/gm);
  return new Set(Array.from(titles, ([, single, double]) => (single ?? double ?? '').replaceAll("\\'", "'")));
}

interface Invariant {
  readonly id: string;
  readonly citations: readonly { readonly file: string; readonly title: string }[];
}

function invariantsOf(spec: string): readonly Invariant[] {
  const items = spec.matchAll(/^- \*\*([A-Z]\d+)\*\*([\s\S]*?)(?=^- \*\*|^#|$(?![\s\S]))/gm);
  return Array.from(items, ([, id = '', text = '']) => ({
    id,
    citations: Array.from(text.matchAll(/`([\w.-]+\.test\.ts)` › "([^"]+)"/g), ([, file = '', title = '']) => ({
      file,
      title,
    })),
  }));
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
  it('are those of task lifecycle, lease, credit reservation, stream resumption, audit chain, breaker, delegation, dispatch, instances, routing and service levels', () => {
    assert.deepEqual([...specs.keys()].toSorted(), [
      'audit-chain.md',
      'breaker.md',
      'credit-reservation.md',
      'delegation.md',
      'dispatch.md',
      'instances.md',
      'lease.md',
      'routing.md',
      'sla.md',
      'stream-resumption.md',
      'task-lifecycle.md',
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

  for (const [name, spec] of specs) {
    it(`number their invariants and name a test that exists for each: ${name}`, () => {
      const invariants = invariantsOf(spec);
      const [letter = ''] = invariants[0]?.id ?? '';
      assert.deepEqual(
        invariants.map(({ id }) => id),
        invariants.map((_, at) => `${letter}${at + 1}`),
      );
      assert.ok(invariants.length >= 8);
      for (const { id, citations } of invariants) {
        assert.ok(citations.length > 0, `${id} names no test`);
        for (const { file, title } of citations) {
          const source = testFiles.get(file);
          assert.ok(source !== undefined, `${id}: there is no ${file}`);
          assert.ok(titlesOf(source).has(title), `${id}: ${file} has no test "${title}"`);
        }
      }
      // Every citation is read: none hides behind another spelling.
      assert.equal(spec.split('.test.ts').length - 1, invariants.flatMap(({ citations }) => citations).length);
    });
  }

  it('are cited by the tests that they name', () => {
    for (const [name, spec] of specs) {
      const files = new Set(invariantsOf(spec).flatMap(({ citations }) => citations.map(({ file }) => file)));
      assert.ok(
        [...files].some((file) => testFiles.get(file)?.includes(`docs/specs/${name}`)),
        name,
      );
    }
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
    const rows = rowsByState(specs.get('credit-reservation.md') ?? '', /\| Closing/);
    assert.deepEqual(rows, new Map(stored.map((state) => [nameOf(state), [closingOf(state)]] as const)));
  });
});
