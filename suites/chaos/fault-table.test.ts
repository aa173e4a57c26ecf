/** Guarantee: for every fault that the platform promises to survive there is a test and a suite, both of which exist. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const root = path.join(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'suites/README.md'), 'utf8');
const program = readFileSync(path.join(root, 'suites/chaos/command-line.ts'), 'utf8');
const faults = ['F1', 'F2', 'F3', 'F4', 'F5', 'F10', 'F11', 'F12', 'F13', 'F14', 'F17', 'F18'];

interface Row {
  readonly id: string;
  readonly small: string;
  readonly full: string;
}

const rows: readonly Row[] = Array.from(
  page.matchAll(/^\| (F\d+) +\|[^|]+\|([^|]+)\|([^|]+)\|/gm),
  ([, id = '', small = '', full = '']) => ({ id, small, full }),
);

/** The titles of the tests of a file, as they read. */
function titlesOf(file: string): ReadonlySet<string> {
  const source = readFileSync(path.join(root, file), 'utf8');
  const titles = source.matchAll(/\bit\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`([^`$]*)`)/g);
  return new Set(Array.from(titles, ([, single, double, plain]) => single ?? double ?? plain ?? ''));
}

describe('the table of faults', () => {
  it('has each of them once, in order', () =>
    assert.deepEqual(
      rows.map(({ id }) => id),
      faults,
    ));

  for (const { id, small, full } of rows) {
    it(`names tests of ${id} that exist`, () => {
      const cited = Array.from(small.matchAll(/`([\w-]+\.it\.test\.ts)`(?: › "([^"]+)")?/g));
      assert.ok(cited.length > 0, small);
      for (const [, name = '', title] of cited) {
        const titles = titlesOf(`packages/server/test/${name}`);
        assert.ok(title === undefined || titles.has(title), `${name} has no test "${title ?? ''}"`);
      }
    });

    it(`names suites of ${id} that can be started`, () => {
      const cited = Array.from(full.matchAll(/`npm run chaos(?: -- --([\w-]+))?`/g), ([, option]) => option);
      assert.ok(cited.length > 0, full);
      for (const option of cited) {
        assert.ok(
          option === undefined || program.includes(`${option}: { type: 'boolean'`),
          `there is no --${option ?? ''}`,
        );
      }
    });
  }
});
