/**
 * Guarantee: what the help says is reviewed like code: a change of any command line shows up as a change of one file.
 * Run with `UPDATE_GOLDENS=1` to write it anew.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { commands } from '../src/cli.ts';
import { groups } from '../src/groups.ts';
import { runCommand } from './run-command.ts';

const golden = new URL('help.golden.txt', import.meta.url);
const columnsMax = 100;
const linesMax = 48;

const nouns = groups.flatMap((group) => Object.keys(group.nouns));

async function everyHelp(): Promise<string> {
  const pages = [await runCommand(['--help'])];
  for (const path of [...nouns.filter((noun) => !isCommand(noun)), ...commands.map(({ name }) => name)])
    pages.push(await runCommand([...path.split(' '), '--help']));
  for (const topic of ['environment', 'exit-status']) pages.push(await runCommand(['help', topic]));
  assert.ok(pages.every(({ status, stdout, stderr }) => status === 0 && stdout !== '' && stderr === ''));
  return pages.map(({ stdout }) => stdout).join(`${'-'.repeat(columnsMax)}\n`);
}

const isCommand = (word: string): boolean => commands.some(({ name }) => name === word);

describe('help', () => {
  it('is what the golden file says', async () => {
    const help = await everyHelp();
    if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(golden, help);
    assert.equal(help, readFileSync(golden, 'utf8'));
  });

  it('fits a terminal and describes every option and argument', async () => {
    const help = await everyHelp();
    assert.deepEqual(
      help.split('\n').filter((line) => line.length > columnsMax && !line.startsWith('  colloquy ')),
      [],
    );
    for (const { options, summary } of commands) {
      assert.ok(summary.length > 0 && !summary.endsWith('.'), summary);
      for (const { description } of Object.values(options)) assert.ok(description.length > 0);
    }
  });

  it('names no scope of a protocol that is not served yet', async () => {
    assert.doesNotMatch(await everyHelp(), /\bacp:/);
  });

  it('shows each noun in one group, on one screen, and no verbs', async () => {
    const { stdout } = await runCommand([]);
    assert.ok(stdout.split('\n').length - 1 <= linesMax);
    assert.equal(new Set(nouns).size, nouns.length);
    const declared = new Set(commands.map(({ name }) => name.replace(/ .*/, '')));
    assert.deepEqual(nouns.toSorted(), [...declared].toSorted());
    assert.doesNotMatch(stdout, /agent register/);
  });

  it('is the same for nothing, for help and for --help', async () => {
    const { stdout } = await runCommand([]);
    for (const argv of [['help'], ['--help'], ['-h']]) assert.equal((await runCommand(argv)).stdout, stdout);
  });

  it('shows the verbs of a noun, with and without --help', async () => {
    for (const argv of [['agent'], ['agent', '--help'], ['help', 'agent']]) {
      const { status, stdout } = await runCommand(argv);
      assert.equal(status, 0);
      assert.match(stdout, /^ {2}register {2,}\S/m);
    }
  });

  it('is JSON with --json, as is the version', async () => {
    const value = async (...argv: string[]): Promise<unknown> =>
      JSON.parse((await runCommand([...argv, '--json'])).stdout);
    const { groups: shown } = (await value()) as { groups: { title: string; commands: { noun: string }[] }[] };
    assert.deepEqual(
      shown.flatMap((group) => group.commands.map(({ noun }) => noun)),
      nouns,
    );
    const { options } = (await value('agent', 'register', '--help')) as { options: { name: string }[] };
    assert.ok(options.some(({ name }) => name === 'price'));
    assert.deepEqual(Object.keys((await value('--version')) as object), ['version']);
    assert.match((await runCommand(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('hides old names, which go on working', async () => {
    const old = commands.flatMap(({ aliases = [], name }) => aliases.map((alias) => [alias, name] as const));
    const help = await everyHelp();
    for (const [alias, name] of old) {
      assert.ok(!help.includes(`colloquy ${alias} `), alias);
      const [now, then] = [await runCommand([...name.split(' '), '-h']), await runCommand([...alias.split(' '), '-h'])];
      assert.equal(then.status, 0, alias);
      assert.equal(then.stdout.replaceAll(alias, name), now.stdout);
    }
  });
});
