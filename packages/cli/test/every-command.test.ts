/** Guarantee: a command that no test runs as users do is known to be one, and a new one comes with a test. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { commands } from '../src/commands/index.gen.ts';

/** Tested by way of the API and the SDK only, so far. Take out what a test runs; put nothing in. */
const notRun: readonly string[] = [
  'agent health',
  'agent probe',
  'agent rollback',
  'agent search',
  'agent skills',
  'ask',
  'delivery rotate-secret',
  'instance change',
  'instance drain',
  'instance list',
  'instance quarantine',
  'instance remove',
  'instance show',
  'resilience list',
  'resilience set',
  'resilience unset',
  'result purge',
  'result set',
  'result terms',
  'result unset',
  'routing reset',
  'routing set',
  'routing show',
  'sla objectives',
  'sla report',
  'sla set',
  'sla unset',
];

describe('commands', () => {
  it('are each typed in a test against a platform, but for those that are known', () => {
    const tests = globSync('*.it.test.ts', { cwd: import.meta.dirname });
    const source = tests.map((name) => readFileSync(new URL(name, import.meta.url), 'utf8')).join('\n');
    // The words of a command stand side by side, at the beginning of what is typed.
    const typed = source.replaceAll(/\s+/g, '').replaceAll("','", ' ');
    const isTyped = (name: string): boolean => new RegExp(`[[(,]'${name}[ ']`).test(typed);
    const untyped = commands.map(({ name }) => name).filter((name) => !isTyped(name));
    assert.deepEqual(untyped.toSorted(), notRun);
  });
});
