/** Guarantee: the exit statuses in the README are those of the program. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { exitStatusHelp } from '../src/exit-status.ts';

describe('README', () => {
  it('lists every exit status with its meaning', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const rows = readme.matchAll(/^\| (\d+) +\| (.+?) +\|$/gm);
    assert.deepEqual(
      Array.from(rows, ([, status, meaning]) => [Number(status), meaning]),
      exitStatusHelp.map((row) => [...row]),
    );
  });
});
