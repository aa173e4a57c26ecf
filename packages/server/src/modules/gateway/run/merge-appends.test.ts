/** Guarantee: joining appends costs the reader nothing: the task that the log tells is the same, part by part. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { applyEvent } from '@colloquy/protocol';
import type { Task } from '@colloquy/protocol';
import { mergeAppends } from './merge-appends.ts';
import type { Draft } from './translate-answer.ts';

const ids = { taskId: 'tsk_1', contextId: 'c' };

const artifact = fc.record(
  {
    artifactId: fc.constantFrom('a', 'b'),
    parts: fc.array(fc.record({ text: fc.string({ maxLength: 3 }) }), { minLength: 1, maxLength: 3 }),
    name: fc.string({ maxLength: 2 }),
    metadata: fc.dictionary(fc.constantFrom('k', 'l'), fc.nat(3), { maxKeys: 2 }),
  },
  { requiredKeys: ['artifactId', 'parts'] },
);
const artifactDraft: fc.Arbitrary<Draft> = fc
  .record(
    { artifact, append: fc.boolean(), lastChunk: fc.boolean(), metadata: fc.constant({ from: 'agent' }) },
    { requiredKeys: ['artifact'] },
  )
  .map((update) => ({ kind: 'artifact', response: { artifactUpdate: { ...ids, ...update } } }));
const plainAppend: fc.Arbitrary<Draft> = fc
  .record({ artifactId: fc.constantFrom('a', 'b'), text: fc.string({ maxLength: 2 }) })
  .map(({ artifactId, text }) => ({
    kind: 'artifact',
    response: { artifactUpdate: { ...ids, append: true, artifact: { artifactId, parts: [{ text }] } } },
  }));
const statusDraft: fc.Arbitrary<Draft> = fc.constant({
  kind: 'status',
  response: { statusUpdate: { ...ids, status: { state: 'TASK_STATE_WORKING' } } },
  state: 'TASK_STATE_WORKING',
});
const drafts = fc.array(fc.oneof({ weight: 2, arbitrary: plainAppend }, artifactDraft, statusDraft), { maxLength: 20 });

const fold = (told: readonly Draft[]): Task =>
  told.reduce<Task>((task, { response }) => applyEvent(task, response), {
    id: 'tsk_1',
    status: { state: 'TASK_STATE_SUBMITTED' },
  });

const append = (text: string, more: object = {}): Draft => ({
  kind: 'artifact',
  response: { artifactUpdate: { ...ids, append: true, artifact: { artifactId: 'a', parts: [{ text }] }, ...more } },
});

describe('merging appends', () => {
  it('TASK-4 leaves the task that the log tells as it was', () => {
    fc.assert(
      fc.property(drafts, (told) => {
        const merged = mergeAppends(told);
        assert.deepEqual(fold(merged), fold(told));
        assert.ok(merged.length <= told.length);
        assert.deepEqual(mergeAppends(merged), merged);
      }),
      { numRuns: 2_000 },
    );
  });

  it('makes one event of the tokens of one artifact', () => {
    const merged = mergeAppends(['a', 'b', 'c'].map((text) => append(text)));
    assert.deepEqual(
      merged.map(({ response }) => response.artifactUpdate?.artifact.parts),
      [[{ text: 'a' }, { text: 'b' }, { text: 'c' }]],
    );
  });

  it('keeps events apart that say more than their parts, and never joins across another one', () => {
    const status: Draft = {
      kind: 'status',
      response: { statusUpdate: { ...ids, status: { state: 'TASK_STATE_WORKING' } } },
    };
    const apart: readonly (readonly Draft[])[] = [
      [append('a'), append('b', { metadata: { k: 1 } })],
      [append('a', { lastChunk: true }), append('b')],
      [append('a'), status, append('b')],
      [append('a'), append('b', { artifact: { artifactId: 'b', parts: [{ text: 'b' }] } })],
      [append('a'), append('b', { append: false })],
      [append('a'), append('b', { artifact: { artifactId: 'a', name: 'n', parts: [{ text: 'b' }] } })],
    ];
    for (const told of apart) assert.deepEqual(mergeAppends(told), told);
  });

  it('keeps the mark of the last chunk', () => {
    const [merged] = mergeAppends([append('a'), append('b', { lastChunk: true })]);
    assert.equal(merged?.response.artifactUpdate?.lastChunk, true);
  });
});
