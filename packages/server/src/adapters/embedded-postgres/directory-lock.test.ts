/** Guarantee: two processes never start, stop or restart the server of one data directory at the same time. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { withDirectoryLock } from './directory-lock.ts';

const waitMs = 10_000;

async function temporaryLock(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'colloquy-lock-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The identity of a process that has ended, as its lock would name it. */
function deadHolder(): string {
  const { pid } = spawnSync('true');
  return JSON.stringify({ pid, startedAt: 'earlier' });
}

describe('the lock on a data directory', () => {
  it('has one holder at a time', async () => {
    await using lock = await temporaryLock();
    let inside = 0;
    const sizes = await Promise.all(
      Array.from({ length: 40 }, () =>
        withDirectoryLock(lock.path, waitMs, async () => {
          inside += 1;
          await turn();
          const seen = inside;
          inside -= 1;
          return seen;
        }),
      ),
    );
    assert.deepEqual([...new Set(sizes)], [1]);
    assert.ok((await readdir(lock.path)).length < 40, 'old generations are swept');
  });

  it('passes from a dead holder to one of the waiting processes', async () => {
    await using lock = await temporaryLock();
    await writeFile(join(lock.path, '7'), deadHolder());
    let inside = 0;
    await Promise.all(
      [1, 2, 3, 4].map(() =>
        withDirectoryLock(lock.path, waitMs, async () => {
          inside += 1;
          await turn();
          assert.equal(inside, 1);
          inside -= 1;
        }),
      ),
    );
    assert.deepEqual((await readdir(lock.path)).sort(), ['10', '11', '7', '8', '9']);
  });

  it('is not mistaken for held when its holder id is used again by another process', async () => {
    await using lock = await temporaryLock();
    await writeFile(join(lock.path, '1'), JSON.stringify({ pid: process.pid, startedAt: 'earlier' }));
    assert.equal(await withDirectoryLock(lock.path, waitMs, async () => 'entered'), 'entered');
  });

  it('is waited for only so long, and is free again after an error', async () => {
    await using lock = await temporaryLock();
    await withDirectoryLock(lock.path, waitMs, () =>
      assert.rejects(
        withDirectoryLock(lock.path, 30, async () => undefined),
        { code: 'data-dir-locked' },
      ),
    );
    await assert.rejects(
      withDirectoryLock(lock.path, waitMs, async () => Promise.reject(new Error('the work failed'))),
      /the work failed/,
    );
    assert.equal(await withDirectoryLock(lock.path, waitMs, async () => 'entered'), 'entered');
  });
});
