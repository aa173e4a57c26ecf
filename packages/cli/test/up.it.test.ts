/** Guarantee: `colloquy up` and `colloquy init` bring a platform to life from nothing, and Ctrl-C ends it in order. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { createTestDatabase, eventually } from '@colloquy/testkit';
import { readProfiles, writeProfile } from '../src/connection/profile.ts';
import { launcher, startPlatformProcess } from './platform-process.ts';
import { emptyHome, runCommand, startCommand } from './run-command.ts';

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
    assert.match(init.stdout, /^data +the database of DATABASE_URL$/m);
    const tenants = platform.run('tenant', 'list', '--json');
    assert.equal(tenants.status, 0, tenants.stderr);
    const slugs = (JSON.parse(tenants.stdout) as { slug: string }[]).map(({ slug }) => slug);
    assert.deepEqual(slugs, ['system']);
    const again = platform.run('init', '--url', platform.url);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /^error: The operator "operator" exists already, so none was created\./);
    assert.ok(again.stderr.includes(`Use its profile: --profile default (${platform.url}).`), again.stderr);
    assert.match(again.stderr, /create another operator with --name <name> --profile <name>/);
    const elsewhere = await runCommand(['init', '--url', platform.url], {
      ...platform.env,
      XDG_CONFIG_HOME: emptyHome(),
    });
    assert.match(elsewhere.stderr, /Use its secret, which was shown once when it was created, or create another/);
    assert.equal(await platform.stop(), 0);
    assert.equal(platform.run('tenant', 'list').status, 8, 'nothing is left running');
  });

  it('say that no platform answers at the address of a new profile, and what to do', async () => {
    await using database = await createTestDatabase();
    const nowhere = 'http://127.0.0.1:9';
    const env = {
      DATABASE_URL: database.adminUrl,
      COLLOQUY_SECRET_KEY: randomBytes(32).toString('base64'),
      COLLOQUY_PUBLIC_URL: nowhere,
    };
    const home = emptyHome();
    const earlier = { url: 'http://127.0.0.1:10', tenant: 'system', clientId: 'cli_1', clientSecret: 'cls_only' };
    writeProfile({ XDG_CONFIG_HOME: home }, 'default', earlier);
    const { status, stdout, stderr } = await runCommand(['init', '--url', nowhere], { ...env, XDG_CONFIG_HOME: home });
    assert.equal(status, 0, stderr);
    assert.ok(stderr.includes('The earlier profile "default", of http://127.0.0.1:10, is now "default-2".'), stderr);
    assert.deepEqual(readProfiles({ XDG_CONFIG_HOME: home })['default-2'], earlier, 'no secret is lost');
    const [, file = ''] = /^profile +default in (.*)$/m.exec(stdout) ?? [];
    assert.ok(
      stderr.includes(`No platform answers at ${nowhere}.\n  what to do: Start it with "colloquy up".`),
      stderr,
    );
    assert.ok(stderr.includes(`write that one into ${file}.`), stderr);
  });

  it('ask for an operator where the data has none, whatever the profiles say, and for no first one where it has', async () => {
    await using platform = await startPlatformProcess();
    const { port } = new URL(platform.url);
    assert.equal(await platform.stop(), 0);
    const { url } = platform;
    writeProfile(platform.env, 'default', { url, tenant: 'system', clientId: 'cli_1', clientSecret: 'cls_gone' });
    const welcome = async (env: Readonly<Record<string, string>>): Promise<string> => {
      const up = startCommand(['up', '--port', port], { ...env, COLLOQUY_PUBLIC_URL: url });
      await eventually('the platform runs', () => up.stdout.includes('Ctrl-C stops'), 60_000);
      up.interrupt();
      await up.result;
      return up.stdout;
    };
    const first = `colloquy init --url ${url}`;
    const without = await welcome(platform.env);
    assert.ok(without.includes(`\nfirst            ${first}\n`), without);
    const init = platform.run('init', '--url', url);
    assert.equal(init.status, 0, init.stderr);
    const ofOperator = await welcome(platform.env);
    assert.ok(ofOperator.includes('\nlist tenants     colloquy tenant list\n'), ofOperator);
    assert.ok(!ofOperator.includes(first), ofOperator);
    const ofAnother = await welcome({ ...platform.env, XDG_CONFIG_HOME: emptyHome() });
    assert.ok(ofAnother.includes(`\nnew operator     ${first} --name <name>\n`), ofAnother);
  });

  it('leave no platform behind when the command itself is killed, and restart as the only node', async () => {
    await using platform = await startPlatformProcess();
    const { port } = new URL(platform.url);
    platform.kill();
    const isGone = () =>
      fetch(platform.url).then(
        () => false,
        () => true,
      );
    await eventually('the platform stopped', isGone, 30_000);
    const again = startCommand(['up', '--port', port], { ...platform.env, COLLOQUY_PUBLIC_URL: platform.url });
    await eventually('the platform runs', () => again.stdout.includes('Ctrl-C stops'), 60_000);
    again.interrupt();
    await again.result;
    assert.match(again.stdout, /^Colloquy is running\.$/m);
  });

  it('name the data folder, and make no operator in another one than that of the platform at the address', async () => {
    const [data, other] = [mkdtempSync(path.join(tmpdir(), 'colloquy-data-')), path.join(emptyHome(), 'other')];
    const env = {
      PATH: process.env['PATH'] ?? '',
      XDG_CONFIG_HOME: emptyHome(),
      COLLOQUY_OPS_PORT: '0',
      COLLOQUY_GRPC_PORT: 'off',
    };
    const up = startCommand(['up', '--port', '0', '--data-dir', data], env);
    try {
      await eventually('the platform runs', () => up.stdout.includes('Ctrl-C stops'), 120_000);
      assert.ok(up.stdout.includes(`\ndata             ${data}\n`), up.stdout);
      const [, url = ''] = /^address +(http:\S+)$/m.exec(up.stdout) ?? [];
      assert.ok(up.stdout.includes(` colloquy init --url ${url} --data-dir ${data}\n`), up.stdout);
      const wrong = await runCommand(['init', '--url', url, '--data-dir', other], env);
      assert.equal(wrong.status, 1);
      assert.ok(wrong.stderr.includes(`The platform at ${url} does not use ${other}, so no operator was created`));
      assert.match(wrong.stderr, /what to do: Give the --data-dir that "colloquy up" prints as data/);
      assert.ok(!existsSync(other), 'no second database was made');
      const init = await runCommand(['init', '--url', url, '--data-dir', data], env);
      assert.equal(init.status, 0, init.stderr);
      assert.ok(init.stdout.includes(data), init.stdout);
      assert.equal((await runCommand(['tenant', 'list'], env)).status, 0);
      await using platform = await startPlatformProcess();
      const elsewhere = platform.run('init', '--url', url);
      assert.match(elsewhere.stderr, /does not use the database of DATABASE_URL, so no operator was created/);
      assert.equal(platform.run('init', '--url', platform.url).status, 0, 'its name is still free there');
    } finally {
      up.interrupt();
      await up.result;
      rmSync(data, { recursive: true, force: true });
    }
  });

  it('leave no PostgreSQL behind when the terminal is closed, which signals every process of it', async () => {
    const data = mkdtempSync(path.join(tmpdir(), 'colloquy-closed-'));
    const env = {
      PATH: process.env['PATH'] ?? '',
      XDG_CONFIG_HOME: emptyHome(),
      COLLOQUY_OPS_PORT: '0',
      COLLOQUY_GRPC_PORT: 'off',
    };
    const up = spawn(process.execPath, [launcher, 'up', '--port', '0', '--data-dir', data, '--json'], {
      env,
      detached: true,
    });
    assert.ok(up.pid !== undefined);
    const closed = once(up, 'close');
    await once(up.stdout, 'data');
    const postmaster = path.join(data, 'cluster', 'postmaster.pid');
    assert.ok(existsSync(postmaster), 'PostgreSQL runs');
    process.kill(-up.pid, 'SIGHUP');
    await closed;
    await eventually('PostgreSQL stopped', () => !existsSync(postmaster), 30_000);
    rmSync(data, { recursive: true, force: true });
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

  it('say that a second "up" on the same data joins as a second node, and whose address is whose', async () => {
    await using platform = await startPlatformProcess();
    const second = startCommand(['up', '--port', '0'], platform.env);
    await eventually('the second node runs', () => second.stdout.includes('Ctrl-C stops'), 60_000);
    const said = second.stdout;
    second.interrupt();
    assert.equal((await second.result).status, 0);
    assert.match(said, /^Colloquy is running, as the second node on the same data\.$/m);
    const [, own] = /^this node +(http:\S+)$/m.exec(said) ?? [];
    assert.ok(own !== undefined && own !== platform.url, said);
    assert.ok(said.includes(`\nother node       ${platform.url}\n`), said);
    assert.doesNotMatch(said, /first +colloquy init/, 'no second operator is asked for');
    assert.equal((await fetch(`${platform.url}/ready`)).status, 200, 'the first node keeps running');
  });

  it('tell why a platform can not start', async () => {
    const { status, stdout, stderr } = await runCommand(['up'], { COLLOQUY_HTTP_PROT: '1' });
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /COLLOQUY_HTTP_PROT/);
    assert.match(stderr, /what to do/);
  });
});
