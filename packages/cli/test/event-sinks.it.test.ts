/** Guarantee: the commands of event sinks set, list, show, test, replay and remove them, and show and rotate their secrets. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting } from './command-setting.ts';

describe('the commands of event sinks', () => {
  let setting: CommandSetting;
  let receiver: Server;
  let url: string;
  let status = 200;

  before(async () => {
    setting = await startCommandSetting();
    receiver = createServer((_request, response) => void response.writeHead(status).end());
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/events`;
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });

  it('set, list, show, test and remove a sink', async () => {
    const { acme } = setting;
    assert.equal(await acme.told('event-sink', 'list'), 'There are no event sinks.\n');
    assert.equal(await acme.told('event-sink', 'set', 'billing', url), `Events of * go to ${url}.\n`);
    const types = ['--type', 'dev.colloquy.usage.*', '--type', 'dev.colloquy.credits.*'];
    const set = await acme.value<{ types: string[] }>('event-sink', 'set', 'billing', url, ...types);
    assert.deepEqual(set.types, ['dev.colloquy.credits.*', 'dev.colloquy.usage.*']);
    assert.match(await acme.told('event-sink', 'list'), /^NAME +TYPES.*\nbilling +dev\.colloquy\.credits\.\* /);
    assert.match(await acme.told('event-sink', 'show', 'billing'), /backlog +0\n/);
    assert.equal(await acme.told('event-sink', 'test', 'billing'), 'billing took the test event (200).\n');
    status = 500;
    const failed = await acme.run('event-sink', 'test', 'billing');
    assert.deepEqual([failed.status, failed.stdout], [1, 'billing failed: http-status 500.\n']);
    assert.deepEqual(await acme.value('event-sink', 'unset', 'billing'), { name: 'billing' });
    assert.equal((await acme.refused(5, 'event-sink', 'show', 'billing')).code, 'events.sink-unknown');
  });

  it('list and replay dead letters, and show and rotate the secret', async () => {
    const { acme } = setting;
    await acme.told('event-sink', 'set', 'alerts', url);
    assert.equal(await acme.told('event-sink', 'dead-letters', 'alerts'), 'There are no dead-lettered events.\n');
    assert.equal(await acme.told('event-sink', 'replay', 'alerts'), '0 events are sent again.\n');
    const former = await acme.told('event-sink', 'secret', 'alerts');
    assert.match(former, /^whsec_\S+\n$/);
    const rotated = await acme.told('event-sink', 'rotate-secret', 'alerts', '--overlap-ms', '0');
    assert.match(rotated, /^whsec_\S+\nThe old secret also signs until /);
    assert.notEqual(await acme.told('event-sink', 'secret', 'alerts'), former);
  });
});
