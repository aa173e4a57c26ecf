/** Guarantee: the installed command starts under an old Node too, and hands over arguments, output and exit status. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
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

  it('tells an old Node without a newer one beside it what to run, in a command that asks nothing', () => {
    const installed = path.join(emptyHome(), 'bin', 'colloquy.mjs');
    cpSync(launcher, installed);
    const old = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })";
    const argv = ['--import', `data:text/javascript,${encodeURIComponent(old)}`, installed];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    assert.deepEqual([status, stdout], [1, '']);
    assert.equal(
      stderr,
      'error: colloquy needs Node 22.19 or newer; this is 20.20.2.\n' +
        '  what to do: install a newer Node, or run "npx -y -p node@24 colloquy".\n',
    );
  });
});
