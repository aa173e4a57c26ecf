/** Guarantee: a demo that is asked for something it does not know says so, and what it knows, instead of starting. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { flagsOf, usage } from './flags.ts';

describe('the command line of the demo', () => {
  it('takes the flags that its usage names, none of them set unless it is given', () => {
    const names = [...usage.matchAll(/--([a-z-]+)\]/g)].map(([, name]) => name ?? '');
    const none = Object.fromEntries(names.map((name) => [name, false]));
    assert.deepEqual({ ...(flagsOf([]) as object) }, none);
    for (const name of names) assert.deepEqual({ ...(flagsOf([`--${name}`]) as object) }, { ...none, [name]: true });
  });

  it('refuses anything else with one line of reason and its usage, and starts nothing', () => {
    const demo = fileURLToPath(new URL('./demo.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, demo, '--twice'], {
      encoding: 'utf8',
    });
    assert.equal(status, 2);
    assert.match(stderr, /^Unknown option '--twice'.*\nnpm run demo -- \[--once\] .*\n$/);
    assert.equal(stdout, '');
  });
});
