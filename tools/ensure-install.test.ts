/**
 * Guarantee: a command of this repository finds a whole install, however the last one ended and whatever else installs at the same time.
 * A stand-in for npm counts how often it is asked and can be made to hang or fail; no network is needed.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

const fakeNpm = `#!/bin/sh
echo "$@" >> asked
[ -n "$npm_config_global$npm_config_location" ] && { echo 'npm error: npm ci does not work for global packages' >&2; exit 1; }
[ -f npm-fails ] && { echo 'npm error: no registry' >&2; exit 1; }
rm -rf node_modules; mkdir node_modules; touch node_modules/half
while [ -f npm-hangs ]; do sleep 0.05; done
echo '{}' > node_modules/done
`;
const script = `if (process.argv[2] === 'stay') { process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); }
console.log(JSON.stringify({ args: process.argv.slice(2), flags: process.execArgv }));
if (process.argv[2] === 'exit') process.exit(Number(process.argv[3]));
`;
const homes: string[] = [];

after(async () => {
  for (const home of homes) await rm(home, { recursive: true });
});

interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

interface Checkout {
  readonly home: string;
  readonly start: (...args: string[]) => ChildProcess;
  readonly run: (...args: string[]) => Promise<Outcome>;
  /** npm's own npx; what it starts finds the stand-in. */
  readonly npx: (...args: string[]) => Promise<Outcome>;
  /** Runs a file of the checkout with Node, with these variables. */
  readonly runIn: (variables: Readonly<Record<string, string>>, file: string) => Promise<Outcome>;
  readonly timesAsked: () => Promise<number>;
}

/** A checkout in a folder with a space in its name, with a stand-in for npm. */
async function checkout(): Promise<Checkout> {
  const home = await mkdtemp(path.join(tmpdir(), 'ensure install '));
  homes.push(home);
  await mkdir(path.join(home, 'tools'));
  await mkdir(path.join(home, 'fake bin'));
  for (const file of ['colloquy.mjs', 'ensure-install.mjs', 'install-lock.mjs']) {
    await copyFile(path.join(import.meta.dirname, file), path.join(home, 'tools', file));
  }
  await writeFile(path.join(home, 'package-lock.json'), '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
  await writeFile(path.join(home, 'tools/script.ts'), `const typed: string = '';\n${script}export { typed };\n`);
  await writeFile(path.join(home, 'fake bin/npm'), fakeNpm);
  await chmod(path.join(home, 'fake bin/npm'), 0o755);
  const env = { ...process.env, PATH: `${path.join(home, 'fake bin')}:${process.env['PATH'] ?? ''}` };
  const spawned = (command: string, args: readonly string[]): ChildProcess =>
    spawn(command, args, { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ensure = path.join(home, 'tools/ensure-install.mjs');
  const start = (...args: string[]): ChildProcess => spawned(process.execPath, [ensure, 'tools/script.ts', ...args]);
  return {
    home,
    start,
    npx: (...args) => outcome(spawned('npx', ['--offline', ...args])),
    run: (...args) => outcome(start(...args)),
    runIn: (variables, file) =>
      outcome(
        spawn(process.execPath, [path.join(home, file)], {
          cwd: home,
          env: { ...env, ...variables },
          stdio: ['ignore', 'pipe', 'pipe'],
        }),
      ),
    timesAsked: () => linesIn(path.join(home, 'asked')),
  };
}

async function outcome(child: ChildProcess): Promise<Outcome> {
  const { stdout, stderr } = child;
  assert.ok(stdout !== null && stderr !== null);
  const [out, err, ended] = await Promise.all([text(stdout), text(stderr), once(child, 'close')]);
  const [status] = ended as [number | null];
  return { status, out, err };
}

async function linesIn(file: string): Promise<number> {
  return existsSync(file) ? (await readFile(file, 'utf8')).trim().split('\n').length : 0;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    if (holds()) return;
    await wait(50);
  }
  assert.fail(`waited too long until ${what}`);
}

describe('ensure-install', { concurrency: 2 }, () => {
  it('installs once, says so in one line, and never again while the lock file stays', async () => {
    const { run, timesAsked } = await checkout();
    const first = await run();
    assert.equal(first.status, 0, first.err);
    assert.match(first.err, /^Installing dependencies[^\n]*\n$/);
    const second = await run();
    assert.equal(second.err, '');
    assert.equal(await timesAsked(), 1);
  });

  it('hands over arguments, flags and the exit status', async () => {
    const { run } = await checkout();
    const { status, out } = await run('exit', '3', '--once', 'two words');
    assert.equal(status, 3);
    assert.deepEqual(JSON.parse(out), { args: ['exit', '3', '--once', 'two words'], flags: ['--conditions=source'] });
  });

  it('lets `npx colloquy` run in a clone in which nothing is installed', async () => {
    const { home, npx, timesAsked } = await checkout();
    const manifest = JSON.parse(await readFile(path.join(import.meta.dirname, '../package.json'), 'utf8')) as object;
    await writeFile(path.join(home, 'package.json'), JSON.stringify({ ...manifest, workspaces: [] }));
    await mkdir(path.join(home, 'packages/cli/src'), { recursive: true });
    await copyFile(path.join(home, 'tools/script.ts'), path.join(home, 'packages/cli/src/main.ts'));
    const { status, out, err } = await npx('colloquy', 'exit', '3');
    assert.equal(status, 3, err);
    assert.deepEqual(JSON.parse(out), { args: ['exit', '3'], flags: ['--conditions=source'] });
    assert.equal(await timesAsked(), 1);
  });

  it('builds a package that `npm install -g` links, in the clone as well, and installs the clone first', async () => {
    const { home, runIn, timesAsked } = await checkout();
    await copyFile(path.join(import.meta.dirname, 'build-linked.mjs'), path.join(home, 'tools/build-linked.mjs'));
    await writeFile(path.join(home, 'tools/build-packages.mjs'), "console.log('built');\n");
    const local = { npm_config_local_prefix: home };
    assert.deepEqual(await runIn(local, 'tools/build-linked.mjs'), { status: 0, out: '', err: '' });
    const linking = { ...local, npm_config_global: 'true', npm_config_location: 'global' };
    const { status, out, err } = await runIn(linking, 'tools/build-linked.mjs');
    assert.deepEqual([status, out], [0, 'built\n'], err);
    assert.equal(await timesAsked(), 1);
  });

  it('hands over a signal and ends as the script ended', async () => {
    const { run, start } = await checkout();
    await run();
    const child = start('stay');
    assert.ok(child.stdout !== null);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const [status] = (await once(child, 'close')) as [number | null];
    assert.equal(status, 7);
  });

  it('installs again when the lock file changed', async () => {
    const { home, run, timesAsked } = await checkout();
    await run();
    await writeFile(path.join(home, 'package-lock.json'), '{"packages":{"node_modules/a":{"version":"1.0.1"}}}');
    assert.equal((await run()).status, 0);
    assert.equal(await timesAsked(), 2);
  });

  it('installs again after an install that was killed half-way, and leaves no lock behind', async () => {
    const { home, run, start, timesAsked } = await checkout();
    await writeFile(path.join(home, 'npm-hangs'), '');
    const killed = start();
    await until('the install is half done', () => existsSync(path.join(home, 'node_modules/half')));
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    // The npm that lost its parent goes on; the next command waits for it and then trusts only its own install.
    const next = run();
    await rm(path.join(home, 'npm-hangs'));
    assert.equal((await next).status, 0);
    assert.equal(await timesAsked(), 2);
    assert.equal(existsSync(path.join(home, '.install.lock')), false);
  });

  it('runs one install for two commands that start together', async () => {
    const { home, run, timesAsked } = await checkout();
    await writeFile(path.join(home, 'npm-hangs'), '');
    const both = Promise.all([run('one'), run('two')]);
    await until('one installs', () => existsSync(path.join(home, 'node_modules/half')));
    await rm(path.join(home, 'npm-hangs'));
    for (const { status, err } of await both) assert.equal(status, 0, err);
    assert.equal(await timesAsked(), 1);
  });

  it('takes over a lock whose owner is dead', async () => {
    const { home, run } = await checkout();
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'close');
    await writeFile(path.join(home, '.install.lock'), JSON.stringify({ token: 'old', pid: gone.pid }));
    assert.equal((await run()).status, 0);
    assert.equal(existsSync(path.join(home, '.install.lock')), false);
  });

  it('accepts an install that npm itself recorded as whole, and no other', async () => {
    const { home, run, timesAsked } = await checkout();
    await mkdir(path.join(home, 'node_modules'));
    const record = path.join(home, 'node_modules/.package-lock.json');
    await writeFile(record, '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
    await run();
    assert.equal(await timesAsked(), 0);
    await rm(path.join(home, 'node_modules/.colloquy-install.json'));
    await writeFile(record, '{"packages":{"node_modules/a":{"version":"0.9.0"}}}');
    await run();
    assert.equal(await timesAsked(), 1);
  });

  it('says what failed, runs nothing and releases the lock when npm fails', async () => {
    const { home, run } = await checkout();
    await writeFile(path.join(home, 'npm-fails'), '');
    const { status, out, err } = await run();
    assert.equal(status, 1);
    assert.equal(out, '');
    assert.match(err, /no registry\nnpm ci failed \(status 1\)/);
    assert.equal(existsSync(path.join(home, '.install.lock')), false);
    assert.equal(existsSync(path.join(home, 'node_modules/.colloquy-install.json')), false);
  });
});
