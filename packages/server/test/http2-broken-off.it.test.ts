/**
 * Guarantee: a client or an agent that breaks off an HTTP/2 connection in the middle of the fields of a stream, while bytes of that stream
 * are on their way, ends nothing but that connection.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { hasSubscribers } from 'node:diagnostics_channel';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, it } from 'node:test';
import { startGrpcSetting } from './grpc-setting.ts';

const script = fileURLToPath(new URL('broken-off-http2-process.ts', import.meta.url));
const patience = { timeout: 60_000, killSignal: 'SIGKILL' } as const;

describe('a connection of HTTP/2 that is broken off in the middle of fields', () => {
  for (const other of ['agent', 'client']) {
    it(`by ${other === 'agent' ? 'an agent' : 'a client'} leaves the process alive when its memory is collected`, async () => {
      const args = ['--conditions=source', script, other];
      const { stdout } = await promisify(execFile)(process.execPath, args, patience);
      assert.equal(stdout, 'broken off\n'.repeat(8) + 'collected, alive\n');
    });

    it(`by ${other === 'agent' ? 'an agent' : 'a client'} ends a process that is not prepared, which is what the preparation is for`, async () => {
      const args = ['--conditions=source', script, other, 'bare'];
      await assert.rejects(promisify(execFile)(process.execPath, args, patience), { signal: 'SIGABRT' });
    });
  }

  it('finds every platform prepared, and a stopped one leaves Node as it was', async () => {
    const channels = ['http2.client.stream.created', 'http2.client.stream.start', 'http2.server.stream.start'];
    const setting = await startGrpcSetting();
    assert.deepEqual(channels.filter(hasSubscribers), channels);
    await setting[Symbol.asyncDispose]();
    assert.deepEqual(channels.filter(hasSubscribers), []);
  });
});
