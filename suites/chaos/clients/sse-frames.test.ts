/** Guarantee: a stream is judged by the events that arrived whole, whatever the pieces they arrived in. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sseFrames } from './sse-frames.ts';
import type { SseFrame } from './sse-frames.ts';

const whole = ': hello\n\nid: 1\ndata: {"a":"ä"}\n\nid:2\r\nevent: error\r\ndata: x\r\ndata: y\r\n\r\n';
const expected: SseFrame[] = [
  { id: '1', event: undefined, data: '{"a":"ä"}' },
  { id: '2', event: 'error', data: 'x\ny' },
];

async function framesOf(bytes: Uint8Array, size: number): Promise<SseFrame[]> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const frames: SseFrame[] = [];
  for await (const frame of sseFrames(pieces())) frames.push(frame);
  return frames;
}

describe('reading a stream', () => {
  for (const size of [1, 2, 7, 1000]) {
    it(`finds the same events in pieces of ${size} bytes`, async () => {
      assert.deepEqual(await framesOf(Buffer.from(whole), size), expected);
    });
  }

  it('leaves out an event that was cut off', async () => {
    assert.deepEqual(await framesOf(Buffer.from(`${whole}id: 3\ndata: z\n`), 3), expected);
  });
});
