/** Guarantee: the installed command starts under an old Node too, and hands over arguments, output and exit status. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { emptyHome } from './run-command.ts';

const launcher = fileURLToPath(new URL('../bin/colloquy.mjs', import.meta.url));

function launch(argv: readonly string[]) {
  const env = { PATH: process.env['PATH'], XDG_CONFIG_HOME: emptyHome() };
  return spawnSync(process.execPath, [launcher, ...argv], { env, encoding: 'utf8' });
}

describe('launcher', () => {
  it('passes arguments and output through', () => {
    const { status, stdout } = launch(['send', '--help']);
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: colloquy send /);
  });

  it('leaves with the status of the command', () => {
    const { status, stdout, stderr } = launch(['agent', 'list']);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /what to do/);
  });
});
