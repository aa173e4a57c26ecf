/** Guarantee: docs/internals.md names files and tests that exist, so that an upgrade of a dependency finds the code that relies on it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

const root = path.join(import.meta.dirname, '../../..');
const page = readFileSync(path.join(root, 'docs/internals.md'), 'utf8');

it('every file that the page on internals names exists', () => {
  const named = Array.from(page.matchAll(/`([\w./-]+\.ts)`/g), ([, file = '']) => file);
  assert.ok(named.length > 60, `${String(named.length)} files`);
  for (const file of named) {
    const isThere = ['packages/server', ''].some((folder) => existsSync(path.join(root, folder, file)));
    assert.ok(isThere, `there is no ${file}`);
  }
});

it('every row of the page on internals has its four cells filled', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:What and where|-+) /.test(line));
  assert.ok(rows.length > 30, `${String(rows.length)} rows`);
  for (const row of rows) assert.equal(row.split(/(?<!\\)\|/).filter((cell) => cell.trim() !== '').length, 4, row);
});
