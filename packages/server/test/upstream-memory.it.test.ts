/** Guarantee: a call that is open holds on to what was asked with it, and to nothing that happened to be written at the same time. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { grpcHead, heldBytes, startRawAgent, startRawGrpcAgent } from '@colloquy/testkit';
import { callTo, hello, plainInstance, startUpstream } from './upstream-setting.ts';

const warmUps = 5;
const calls = 100;
/** A call with its connection, at both ends. */
const bytesEachMax = 30_000;
/** Nearly half of what Node cuts short texts from, so that two calls at most have theirs from one piece. */
const shortText = 'x'.repeat(Buffer.poolSize / 2 - 1_000);
// Smaller pieces would be too small to be told from the call.
assert.ok(shortText.length > bytesEachMax);

interface SilentAgent extends AsyncDisposable {
  readonly url: string;
  /** What it remembers of its calls. */
  readonly heard: unknown[];
}

const agents: Readonly<Record<'JSONRPC' | 'GRPC', (onCall: () => void) => Promise<SilentAgent>>> = {
  async JSONRPC(onCall) {
    const agent = await startRawAgent(onCall);
    return { url: agent.url, heard: agent.requests, [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose]() };
  },
  GRPC: (onCall) =>
    startRawGrpcAgent((stream) => {
      stream.respond(grpcHead);
      onCall();
    }),
};

for (const binding of ['JSONRPC', 'GRPC'] as const) {
  it(`an open call over ${binding} holds no more than itself`, async () => {
    let heard = Promise.withResolvers<void>();
    await using agent = await agents[binding](() => heard.resolve());
    await using setting = startUpstream();
    const canceling = new AbortController();
    const { signal } = canceling;
    const instance = { ...plainInstance, url: agent.url, wire: `1.0 ${binding}` as const };
    const ends: Promise<unknown>[] = [];
    let before = 0;
    while (ends.length < warmUps + calls) {
      if (ends.length === warmUps) before = heldBytes();
      heard = Promise.withResolvers<void>();
      const stream = setting.upstream.stream(callTo(agent.url, { signal, instance }), hello)[Symbol.asyncIterator]();
      ends.push(stream.next().catch((error: unknown) => error));
      await heard.promise;
      Buffer.from(shortText);
    }
    agent.heard.length = 0;
    const bytesEach = Math.round((heldBytes() - before) / calls);
    canceling.abort();
    await Promise.all(ends);
    assert.ok(bytesEach < bytesEachMax, `${String(bytesEach)} bytes for each call`);
  });
}
