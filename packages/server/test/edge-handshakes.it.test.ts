/**
 * Guarantee (T31): connections count for their address from the moment that they are accepted, over TLS before their handshake and on the
 * gRPC port as well; a client that only holds them pushes out no authenticated client.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { eventually, selfSigned } from '@colloquy/testkit';
import type { Caller } from '../src/kernel/caller.ts';
import { limits } from '../src/kernel/limits.ts';
import { startHttp } from './access-http-fixture.ts';
import { startGrpcSetting, words } from './grpc-setting.ts';

/** A connection that says nothing. */
async function hold(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  // What is not read never ends.
  return socket.resume();
}

const openOf = (sockets: readonly Socket[]): boolean[] => sockets.map(({ closed }) => !closed);

describe('connections to a port with TLS', () => {
  it('are unauthenticated before their handshake, during it and after it, and count once', async () => {
    const material = await selfSigned();
    const policy = { isTls12Allowed: false, asksForCertificates: false };
    const known = { principal: { id: 'cli' }, tenant: { id: 'tnt' } } as unknown as Caller;
    await using http = await startHttp(
      (app) => {
        app.addHook('onRequest', async ({ context }) => void (context.caller = known));
        app.get('/mine', async () => ({}));
      },
      {
        tls: { material, policy, clientAuthorities: '' },
        unauthenticatedConnections: { unauthenticatedPerAddressMax: 3, unauthenticatedMax: 100, perCallerMax: 100 },
      },
    );
    const secured = async (): Promise<Socket> => {
      const options = { port: http.port, host: '127.0.0.1', ca: material.certificate, servername: 'localhost' };
      const socket = connectTls(options).on('error', () => undefined);
      await once(socket, 'secureConnect');
      return socket;
    };
    const ask = async (socket: Socket): Promise<string> => {
      socket.write('GET /mine HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n\r\n');
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return String(answer).slice(0, 12);
    };
    const caller = await secured();
    assert.equal(await ask(caller), 'HTTP/1.1 200');
    const silent = (await secured()).resume();
    const held = [silent, await hold(http.port), await hold(http.port)];
    assert.equal(await ask(caller), 'HTTP/1.1 200');
    assert.deepEqual(openOf(held), [true, true, true], 'three are within the bound: none counts twice');
    for (let more = 1; more <= 2; more += 1) held.push(await hold(http.port));
    await eventually('the oldest two are closed', () => silent.closed && held[1]?.closed === true);
    assert.deepEqual(openOf(held), [false, false, true, true, true]);
    assert.equal(await ask(caller), 'HTTP/1.1 200', 'an authenticated client goes on');
    for (const socket of [caller, ...held]) socket.destroy();
  });
});

describe('connections to the gRPC port', () => {
  it('that bring no caller push out the oldest of their address, and no connection that has called', async () => {
    await using setting = await startGrpcSetting();
    const request = { tenant: setting.tag, ...words('hello') };
    assert.equal((await setting.call('SendMessage', 'SendMessageRequest', request)).code, 0);
    const port = Number(setting.platform.platform.grpcAddress?.split(':').at(-1));
    const first = await hold(port);
    const held = [first];
    while (held.length < limits.unauthenticatedConnectionsPerAddressMax)
      held.push(...(await Promise.all(Array.from({ length: 100 }, () => hold(port)))));
    await eventually('the oldest is closed', () => first.closed);
    assert.ok(openOf(held).filter(Boolean).length <= limits.unauthenticatedConnectionsPerAddressMax);
    const again = { tenant: setting.tag, ...words('again') };
    assert.equal((await setting.call('SendMessage', 'SendMessageRequest', again)).code, 0, 'on its own connection');
    assert.deepEqual(setting.agent.heard, ['hello', 'again']);
    for (const socket of held) socket.destroy();
  });
});
