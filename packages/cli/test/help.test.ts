/**
 * Guarantee: what the help says is reviewed like code: a change of any command line shows up as a change of one file.
 * Run with `UPDATE_GOLDENS=1` to write it anew.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { commands } from '../src/commands/index.ts';
import { runCommand } from './run-command.ts';

const golden = new URL('help.golden.txt', import.meta.url);
const columnsMax = 120;

async function everyHelp(): Promise<string> {
  const pages = [await runCommand(['--help'])];
  for (const { name } of commands) pages.push(await runCommand([...name.split(' '), '--help']));
  assert.ok(pages.every(({ status, stderr }) => status === 0 && stderr === ''));
  return pages.map(({ stdout }) => stdout).join(`${'-'.repeat(columnsMax)}\n`);
}

describe('help', () => {
  it('is what the golden file says', async () => {
    const help = await everyHelp();
    if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(golden, help);
    assert.equal(help, readFileSync(golden, 'utf8'));
  });

  it('fits a terminal and describes every option and argument', async () => {
    const help = await everyHelp();
    assert.deepEqual(
      help.split('\n').filter((line) => line.length > columnsMax),
      [],
    );
    for (const { options, summary } of commands) {
      assert.ok(summary.length > 0 && !summary.endsWith('.'), summary);
      for (const { description } of Object.values(options)) assert.ok(description.length > 0);
    }
  });

  it('is shown for a noun and for nothing at all', async () => {
    assert.match((await runCommand([])).stdout, /^colloquy — /);
    assert.match((await runCommand(['agent', '--help'])).stdout, /agent register/);
    assert.match((await runCommand(['help', 'agent'])).stdout, /agent register/);
  });
});
