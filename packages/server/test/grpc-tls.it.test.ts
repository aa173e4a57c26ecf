/** Guarantee: with a certificate the gRPC port speaks TLS alone, and agents are called over TLS only when an authority vouches for them. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createSecureServer } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { selfSigned } from '@colloquy/testkit';
import { PlatformError } from '../src/kernel/errors.ts';
import { framed, openCall, startGrpcSetting, words } from './grpc-setting.ts';
import { callTo, hello, startUpstream } from './upstream-setting.ts';

const { certificate, key } = await selfSigned();

describe('the gRPC port with a certificate', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'grpc-tls-'));
    await writeFile(join(folder, 'cert.pem'), certificate);
    await writeFile(join(folder, 'key.pem'), key);
  });
  after(() => rm(folder, { recursive: true }));

  it('serves clients that trust it, over TLS alone', async () => {
    const env = {
      COLLOQUY_GRPC_TLS_CERT_FILE: join(folder, 'cert.pem'),
      COLLOQUY_GRPC_TLS_KEY_FILE: join(folder, 'key.pem'),
    };
    await using setting = await startGrpcSetting({ env });
    const address = setting.platform.platform.grpcAddress ?? '';
    const session = connect(`https://${address}`, { ca: certificate });
    const bytes = framed('SendMessageRequest', { tenant: setting.tag, ...words('hello') });
    const asked = { operation: 'SendMessage', bytes, token: setting.token };
    assert.equal((await openCall(session, asked).end).code, 0);
    session.destroy();
    const [error] = (await once(connect(`https://${address}`), 'error')) as [Error];
    assert.match(error.message, /self-signed/);
    assert.equal((await openCall(setting.connect(), asked).end).code, null, 'nothing is answered in the clear');
    assert.equal(setting.agent.heard.length, 1);
  });

  it('does not start without its certificate', async () => {
    const env = {
      COLLOQUY_GRPC_TLS_CERT_FILE: join(folder, 'none.pem'),
      COLLOQUY_GRPC_TLS_KEY_FILE: join(folder, 'key.pem'),
    };
    await assert.rejects(startGrpcSetting({ env }), /none\.pem/);
  });
});

describe('an agent that is called over TLS', () => {
  it('is not called when no authority vouches for its certificate', async () => {
    const server = createSecureServer({ cert: certificate, key });
    let heard = 0;
    server.on('stream', () => (heard += 1));
    server.on('sessionError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using setting = startUpstream();
    const call = callTo(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const asked = { ...call, instance: { ...call.instance, wire: '1.0 GRPC' } } as const;
    await assert.rejects(setting.upstream.send(asked, hello), (error) => {
      assert.ok(error instanceof PlatformError);
      assert.equal(error.code, 'upstream.unreachable');
      return true;
    });
    server.close();
    assert.equal(heard, 0);
  });
});
