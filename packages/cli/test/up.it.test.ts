/** Guarantee: `colloquy up` and `colloquy init` bring a platform to life from nothing, and Ctrl-C ends it in order. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { startPlatformProcess } from './platform-process.ts';
import { runCommand } from './run-command.ts';

describe('up and init', () => {
  it('start a platform, make an operator, keep a profile, and stop on a signal', async () => {
    await using platform = await startPlatformProcess();
    assert.equal((await fetch(`${platform.url}/ready`)).status, 200);
    const [host, port] = platform.grpcAddress.split(':');
    const socket = connect(Number(port), host);
    await once(socket, 'connect');
    socket.destroy();
    const init = platform.run('init', '--url', platform.url);
    assert.equal(init.status, 0, init.stderr);
    assert.match(init.stdout, /client secret +cls_/);
    const tenants = platform.run('tenant', 'list', '--json');
    assert.equal(tenants.status, 0, tenants.stderr);
    const slugs = (JSON.parse(tenants.stdout) as { slug: string }[]).map(({ slug }) => slug);
    assert.deepEqual(slugs, ['system']);
    const again = platform.run('init', '--url', platform.url);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /exists already/);
    assert.equal(await platform.stop(), 0);
    assert.equal(platform.run('tenant', 'list').status, 8, 'nothing is left running');
  });

  it('name the memory and the remedy when V8 ends the platform', async () => {
    const data = mkdtempSync(path.join(tmpdir(), 'colloquy-memory-'));
    const env = { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: '--max-old-space-size=10' };
    const { status, stderr } = await runCommand(['up', '--port', '0', '--data-dir', data], env);
    rmSync(data, { recursive: true, force: true });
    assert.equal(status, 1);
    assert.match(stderr, /ran out of memory at \d+ MB of heap \(.*heap out of memory\)/);
    assert.match(stderr, /what to do: .*--max-old-space-size/);
    assert.doesNotMatch(stderr, /0x[0-9a-f]{6}|Mark-Compact/, 'no native frames');
  });

  it('tell why a platform can not start', async () => {
    const { status, stdout, stderr } = await runCommand(['up'], { COLLOQUY_HTTP_PROT: '1' });
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /COLLOQUY_HTTP_PROT/);
    assert.match(stderr, /what to do/);
  });
});
