/** Guarantee: the completion scripts are valid in their shells, and complete commands, options and fixed values. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { emptyHome, runCommand } from './run-command.ts';

const isInstalled = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;

async function scriptFor(shell: string): Promise<string> {
  const { status, stdout } = await runCommand(['completion', shell]);
  assert.equal(status, 0);
  const file = path.join(emptyHome(), shell);
  writeFileSync(file, stdout);
  return file;
}

function run(shell: string, ...argv: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(shell, argv, { encoding: 'utf8', cwd: emptyHome() });
  assert.deepEqual([status, stderr], [0, ''], argv.join(' '));
  return stdout;
}

/** Asks a shell what it offers for a line that was typed so far, sorted. */
const offered: Readonly<Record<string, (script: string, line: string) => readonly string[]>> = {
  bash: (script, line) => {
    const ask = 'source "$0"; COMP_LINE=$1 COMP_POINT=${#1}; _colloquy; printf "%s\\n" "${COMPREPLY[@]}"';
    return wordsIn(run('bash', '-c', ask, script, line));
  },
  fish: (script, line) => {
    const lines = run('fish', '--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', script, line);
    return wordsIn(lines).map((one) => one.split('\t', 1)[0] ?? '');
  },
};

function wordsIn(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.toSorted();
}

const cases: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['colloquy ag', ['agent']],
  ['colloquy agent reg', ['register']],
  ['colloquy doc', ['doctor']],
  ['colloquy agent register --pri', ['--price']],
  ['colloquy agent register echo http://localhost:9000 --tena', ['--tenant']],
  ['colloquy completion ', ['bash', 'fish', 'zsh']],
  ['colloquy limit set ', ['agent', 'client', 'tenant']],
  ['colloquy agent probe echo --kind ', ['http', 'none', 'tcp', 'wire']],
  ['colloquy audit search --outcome ', ['failed', 'refused', 'succeeded']],
  ['colloquy up --tena', []],
  ['colloquy send ', []],
];

describe('completion', () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const skip = isInstalled(shell) ? false : `${shell} is not installed`;
    it(`is a valid script of ${shell}`, { skip }, async () => {
      assert.equal(run(shell, '-n', await scriptFor(shell)), '');
    });

    const ask = offered[shell];
    if (ask === undefined) continue;
    it(`completes nouns, verbs, options and values in ${shell}`, { skip }, async () => {
      const script = await scriptFor(shell);
      for (const [line, words] of cases) assert.deepEqual(ask(script, line), words, line);
    });
  }

  it('describes what zsh offers', async () => {
    const { stdout } = await runCommand(['completion', 'zsh']);
    assert.match(stdout, /^#compdef colloquy\n/);
    assert.match(stdout, /'agent:Register, /);
    assert.match(stdout, /'register:Register an agent/);
    assert.match(stdout, /'--price\[Price /);
    assert.match(stdout, /'1:argument:\(bash zsh fish\)'/);
  });

  it('offers no old name of a command or option', async () => {
    const { commands } = await import('../src/cli.ts');
    const { stdout } = await runCommand(['completion', 'fish']);
    const aliases = commands.flatMap((command) => command.aliases ?? []);
    const options = commands.flatMap((command) => Object.values(command.options).flatMap((one) => one.aliases ?? []));
    assert.ok(aliases.length > 0 && options.length > 0);
    assert.deepEqual(
      aliases.filter((alias) => stdout.includes(`'${alias}'`)),
      [],
    );
    assert.deepEqual(
      options.filter((option) => stdout.includes(` -l ${option} `)),
      [],
    );
  });

  it('is one JSON value with --json', async () => {
    const { stdout } = await runCommand(['completion', 'bash', '--json']);
    assert.deepEqual(Object.keys(JSON.parse(stdout) as object), ['shell', 'script']);
  });
});
