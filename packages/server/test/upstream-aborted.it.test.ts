/** Guarantee: a gRPC call that is aborted before the agent has read its request ends, and the process goes on. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { it } from 'node:test';

const script = fileURLToPath(new URL('aborted-requests-process.ts', import.meta.url));
const messages = 5;
/** A process that hangs here takes 200 MB a second, so it is killed after this time. */
const patience = { timeout: 20_000, killSignal: 'SIGKILL' } as const;

it('aborted requests, most of which wait for an agent that does not read, leave the process as it is', async () => {
  const resets: number[] = [];
  const allReset = Promise.withResolvers<void>();
  const unread = new Set<ServerHttp2Stream>();
  await using agent = createServer();
  agent.on('stream', (stream) => {
    stream.pause();
    unread.add(stream);
    running.child.stdin?.write('abort\n');
    stream
      .on('error', () => undefined)
      .on('close', () => {
        if (resets.push(stream.rstCode) === messages) allReset.resolve();
      });
  });
  await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve));
  const { port } = agent.address() as AddressInfo;
  const args = ['--conditions=source', script, `http://127.0.0.1:${port}/`, String(messages)];
  const running = promisify(execFile)(process.execPath, args, patience);
  // After the call was aborted, the agent begins to read after all, and asks for the rest.
  running.child.stdout?.on('data', () => {
    for (const stream of unread) stream.resume();
  });
  const { stdout } = await running;
  assert.equal(stdout, 'request.canceled\n'.repeat(messages));
  await allReset.promise;
  // The agent was told: CANCEL. Of the last call perhaps by the end of the connection alone, because the process left.
  assert.deepEqual(resets.slice(0, 4), [8, 8, 8, 8]);
});
