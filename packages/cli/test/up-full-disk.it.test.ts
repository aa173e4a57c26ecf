/**
 * Guarantee: when the disk under the platform's own database is full, `colloquy up` ends with that reason, what is kept and what to do, and the next
 * start continues once there is space.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { createPool } from '@colloquy/server/test';
import { eventually } from '@colloquy/testkit';
import { startCommand } from './run-command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'colloquy-full-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=755', 'tmpfs', folder]).status === 0;
const skip = isMounted ? false : 'a small file system cannot be mounted here';
const fill = path.join(folder, 'fill');
const data = path.join(folder, 'data');

const env = { PATH: process.env['PATH'] ?? '', COLLOQUY_OPS_PORT: '0', COLLOQUY_GRPC_PORT: 'off' };
const up = () => startCommand(['up', '--port', '0', '--data-dir', data], env);

/** Takes all space that is left. */
function fillDisk(): void {
  const { bavail, bsize } = statfsSync(folder);
  const chunk = Buffer.alloc(bsize * 16);
  try {
    for (let left = bavail; left > -16; left -= 16) writeFileSync(fill, chunk, { flag: 'a' });
  } catch {
    // It is full.
  }
}

/** Makes the database write its log until a new segment is needed. */
async function writeLog(): Promise<void> {
  const socket = path.join(data, 'socket');
  const port = readdirSync(socket, { encoding: 'utf8' })
    .map((name) => /^\.s\.PGSQL\.(\d+)$/.exec(name)?.[1])
    .find((found) => found !== undefined);
  const password = readFileSync(path.join(data, 'admin-password'), 'utf8').trim();
  const url = `postgresql://colloquy_admin:${password}@localhost:${port ?? ''}/colloquy?host=${socket}`;
  const pool = createPool({ url, connectionsMax: 1, applicationName: 'full-disk' });
  const words = `select pg_logical_emit_message(false, 'x', repeat('y', 900000)) from generate_series(1, 12)`;
  await pool.query(words).catch(() => undefined);
  await pool.end();
}

describe('a full disk', { skip }, () => {
  after(() => {
    spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('ends the platform with the reason, what is kept and what to do; with space it starts again', async () => {
    const running = up();
    await eventually('it is ready', () => running.stdout.includes('running'), 60_000);
    fillDisk();
    await writeLog();
    const { status, stderr } = await running.result;
    assert.equal(status, 1);
    assert.match(stderr, /error: The platform ended: There is no space left on the disk of \S+\/data\./);
    assert.match(stderr, /Acknowledged tasks, credits and audit entries are kept/);
    assert.match(stderr, /what to do: Free space there/);
    rmSync(fill);
    const again = up();
    await eventually('it is ready again', () => again.stdout.includes('running'), 60_000);
    again.interrupt();
    await again.result;
  });
});
