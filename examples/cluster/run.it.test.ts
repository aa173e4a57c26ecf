/** Guarantee: the cluster of one machine ends with everything that it started, and says in one line when it can not start for want of a proxy. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, eventually, isFree, testEnvironment } from '@colloquy/testkit';
import { startCluster } from './cluster.ts';
import { isAlive } from './is-alive.ts';
import { findProxy } from './proxy.ts';

const script = fileURLToPath(new URL('run.ts', import.meta.url));
const argv = (...flags: readonly string[]): string[] => ['--conditions=source', script, ...flags];
const startMsMax = 90_000;
/** The bound of a test does not end it while it waits for a program. */
const runSync = (...flags: readonly string[]) =>
  spawnSync(process.execPath, argv(...flags), { encoding: 'utf8', timeout: startMsMax, killSignal: 'SIGKILL' });
const skip = findProxy() === undefined && 'needs haproxy or nginx';

it('says in one line which proxies it knows when there is none of them', () => {
  const { status, stdout, stderr } = runSync('--proxy=none-such');
  assert.deepEqual([status, stdout, stderr], [1, 'A cluster needs haproxy or nginx on this machine.\n', '']);
});

it('prints its usage for an unknown option', () => {
  for (const flags of [['--help'], ['-h'], ['--worker=1'], ['--gateways'], ['nginx']]) {
    const { status, stdout, stderr } = runSync(...flags);
    assert.deepEqual([status, stdout], [2, ''], stderr);
    assert.match(stderr, /^Usage: npm run cluster/m);
    assert.doesNotMatch(stderr, /^ +at /m, 'no stack');
  }
});

it('says in one line how many processes a cluster has', { skip }, () => {
  const { status, stdout } = runSync('--gateways=0');
  assert.deepEqual([status, stdout], [1, 'A cluster has 1 to 20 gateways and up to 20 workers.\n']);
});

it('ends in the middle of restarts, one after the other, and leaves none of their processes', { skip }, async () => {
  const proxy = findProxy() ?? assert.fail();
  await using database = await createTestDatabase();
  const env = { PATH: process.env['PATH'], ...testEnvironment(database) };
  await using cluster = await startCluster({ proxy, gateways: 1, workers: 1, env });
  const { replicas } = cluster;
  const isInTheMiddle = Promise.withResolvers<void>();
  const restarts = [
    cluster.restartAll(() => Promise.resolve(isInTheMiddle.resolve())),
    cluster.restartAll(() => assert.fail('it is stopped by then')),
  ];
  await isInTheMiddle.promise;
  await cluster.stop();
  await Promise.all(restarts);
  assert.deepEqual(
    replicas.map(({ pid }) => pid),
    [undefined, undefined],
  );
  for (const { ports } of replicas) assert.ok(await isFree(ports.http), 'no server listens there');
});

it('ends in order when it is interrupted, and every process of it is gone', { skip }, async () => {
  await using database = await createTestDatabase();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'colloquy-cluster-'));
  try {
    const env = {
      PATH: process.env['PATH'],
      ...testEnvironment(database, { COLLOQUY_DATA_DIR: dataDir }),
    };
    const child = spawn(process.execPath, argv('--gateways=1', '--workers=1'), {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const output of [child.stdout, child.stderr]) output.on('data', (chunk) => (printed += String(chunk)));
    const over = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const isUp = (): boolean => printed.includes('Ctrl-C stops') || child.exitCode !== null;
    await eventually('it is up', isUp, startMsMax).finally(() => child.kill('SIGINT'));
    assert.equal(await over, 0, printed);
    const pids = [...printed.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
    assert.equal(pids.length, 3, printed);
    assert.deepEqual(pids.filter(isAlive), []);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
