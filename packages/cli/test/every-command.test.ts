/** Guarantee: every new command comes with a test that types it; the commands without one are listed. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { commands } from '../src/commands/index.gen.ts';

/** Commands that only tests of the API and the SDK cover. Remove a command when a test types it; add none. */
const notRun: readonly string[] = [
  'agent health',
  'agent probe',
  'agent rollback',
  'agent search',
  'agent skills',
  'ask',
  'cache policy',
  'cache purge',
  'cache set',
  'cache unset',
  'delivery rotate-secret',
  'instance drain',
  'instance list',
  'instance quarantine',
  'instance remove',
  'instance show',
  'instance update',
  'resilience list',
  'resilience set',
  'resilience unset',
  'routing set',
  'routing show',
  'routing unset',
  'sla objectives',
  'sla report',
  'sla set',
  'sla unset',
];

describe('commands', () => {
  it('are each typed in a test against a platform, except the listed ones', () => {
    const tests = globSync('*.it.test.ts', { cwd: import.meta.dirname });
    const source = tests.map((name) => readFileSync(new URL(name, import.meta.url), 'utf8')).join('\n');
    // The words of a command stand side by side, at the beginning of what is typed.
    const typed = source.replaceAll(/\s+/g, '').replaceAll("','", ' ');
    const isTyped = (name: string): boolean => new RegExp(`[[(,]'${name}[ ']`).test(typed);
    const untyped = commands.map(({ name }) => name).filter((name) => !isTyped(name));
    assert.deepEqual(untyped.toSorted(), notRun);
  });
});
