/** Guarantee: a stream of ACP-Connect has one final event and no falling progress; four vocabularies are read alike. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { decodeRunEvent, RunEventEncoder } from './index.ts';
import type { RunEvent } from './index.ts';

const timestamp = '2026-11-21T09:00:00Z';
const output = { greeting: 'Hello, Ada!' };

describe('a stream that is sent', () => {
  it('has both keys in every event and ends after the final one', () => {
    const encoder = new RunEventEncoder();
    const events: readonly RunEvent[] = [
      { kind: 'start' },
      { kind: 'processing', progress: 50, message: 'half' },
      { kind: 'processing', progress: 20 },
      { kind: 'complete', id: '7c', output },
      { kind: 'error', code: 'EXECUTION_ERROR', message: 'late' },
    ];
    assert.deepEqual(
      events.flatMap((event) => encoder.encode(event, timestamp)),
      [
        `{"event":"start","status":"started","timestamp":"${timestamp}"}`,
        `{"event":"processing","status":"processing","progress":50,"message":"half","timestamp":"${timestamp}"}`,
        `{"event":"processing","status":"processing","progress":50,"timestamp":"${timestamp}"}`,
        `{"event":"complete","status":"complete","id":"7c","result":${JSON.stringify(output)},"output":${JSON.stringify(output)},"timestamp":"${timestamp}"}`,
      ],
    );
  });

  it('ends with the whole answer and [DONE] where the caller asked with stream: true', () => {
    const encoder = new RunEventEncoder((event) => ({ id: event.id, status: 'completed', output: event.output }));
    const [line = '', done] = encoder.encode({ kind: 'complete', id: '7c', output }, timestamp);
    assert.deepEqual(JSON.parse(line), {
      event: 'complete',
      status: 'completed',
      id: '7c',
      result: { id: '7c', status: 'completed', output },
      output,
      timestamp,
    });
    assert.equal(done, '[DONE]');
  });
});

describe('a stream that is read', () => {
  it('takes the final event of each vocabulary', () => {
    for (const final of [
      { status: 'completed', result: { id: '7c', output } },
      { status: 'complete', result: output },
      { status: 'complete', output },
      { event: 'complete', result: output, timestamp },
    ]) {
      assert.deepEqual(decodeRunEvent(final), { kind: 'complete', output });
    }
    assert.deepEqual(decodeRunEvent({ error: 'Invalid input' }), { kind: 'error', message: 'Invalid input' });
    assert.deepEqual(decodeRunEvent({ event: 'cancelled', message: 'm' }), { kind: 'cancelled', message: 'm' });
  });

  it('takes every other state as work and skips what is no event', () => {
    assert.deepEqual(decodeRunEvent({ status: 'fetching' }), { kind: 'working' });
    assert.deepEqual(decodeRunEvent({ event: 'processing', progress: 40 }), { kind: 'working', progress: 40 });
    for (const value of [{}, [], null, 'x', { message: 'm' }]) assert.equal(decodeRunEvent(value), undefined);
  });

  it('never throws', () => {
    const member = fc.jsonValue();
    const event = fc.record({ status: member, event: member, error: member, result: member, message: member });
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), event), (value) => void decodeRunEvent(value)));
  });
});
