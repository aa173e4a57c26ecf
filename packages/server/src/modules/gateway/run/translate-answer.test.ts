/** Guarantee: an agent's words are retold under the platform's ids, once each, and a snapshot tells only what is new in it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { applyEvent } from '@colloquy/protocol';
import type { Task, TaskState } from '@colloquy/protocol';
import { translateAnswer } from './translate-answer.ts';
import type { Translated } from './translate-answer.ts';

const contextId = 'ours';
const nowIso = '2026-01-01T00:00:00.000Z';
const known: Task = { id: 'tsk_1', contextId, status: { state: 'TASK_STATE_SUBMITTED' } };

const words = fc.record({
  messageId: fc.constantFrom('m1', 'm2', 'm3'),
  role: fc.constant('ROLE_AGENT' as const),
  parts: fc.constant([{ text: 'words' }]),
  taskId: fc.constant('theirs'),
  contextId: fc.constant('their context'),
});
const states: readonly TaskState[] = [
  'TASK_STATE_SUBMITTED',
  'TASK_STATE_WORKING',
  'TASK_STATE_INPUT_REQUIRED',
  'TASK_STATE_COMPLETED',
];
const snapshot: fc.Arbitrary<Task> = fc.record(
  {
    id: fc.constant('theirs'),
    contextId: fc.constant('their context'),
    status: fc.record(
      { state: fc.constantFrom(...states), message: words },
      { requiredKeys: ['state'], noNullPrototype: true },
    ),
    artifacts: fc.uniqueArray(
      fc
        .tuple(fc.constantFrom('a', 'b', 'c'), fc.array(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 2 }))
        .map(([artifactId, texts]) => ({ artifactId, parts: texts.map((text) => ({ text })) })),
      { selector: ({ artifactId }) => artifactId, maxLength: 3 },
    ),
    history: fc.array(words, { maxLength: 2 }),
  },
  { requiredKeys: ['id', 'status'], noNullPrototype: true },
);

const translate = (task: Task, answer: Parameters<typeof translateAnswer>[1]): Translated =>
  translateAnswer({ task, contextId, nowIso }, answer);
const fold = (task: Task, told: Translated): Task =>
  told.events.reduce((now, { response }) => applyEvent(now, response), task);

describe('translating the answer of an agent', () => {
  it('brings a task to the state and the artifacts of any snapshot, and a second time to nothing new', () => {
    fc.assert(
      fc.property(snapshot, snapshot, (first, second) => {
        let task = known;
        for (const told of [first, second]) {
          task = fold(task, translate(task, { task: told }));
          assert.equal(task.status.state, told.status.state);
          for (const artifact of told.artifacts ?? []) {
            assert.deepEqual(
              task.artifacts?.find(({ artifactId }) => artifactId === artifact.artifactId),
              artifact,
            );
          }
          assert.deepEqual(translate(task, { task: told }).events, []);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('shows none of the ids that the agent uses, and remembers its task', () => {
    fc.assert(
      fc.property(snapshot, (told) => {
        const { events, upstreamTaskId } = translate(known, { task: told });
        assert.doesNotMatch(JSON.stringify(events), /theirs|their context/);
        assert.equal(upstreamTaskId, 'theirs');
      }),
    );
  });

  it('keeps the flags of an artifact update and the metadata of both kinds of update', () => {
    const artifact = { artifactId: 'a', parts: [{ text: 'x' }] };
    const told = translate(known, {
      artifactUpdate: { taskId: 'theirs', contextId: 'c', artifact, append: true, lastChunk: true, metadata: { k: 1 } },
    });
    assert.deepEqual(told.events, [
      {
        kind: 'artifact',
        response: {
          artifactUpdate: { taskId: 'tsk_1', contextId, artifact, append: true, lastChunk: true, metadata: { k: 1 } },
        },
      },
    ]);
    const status = translate(known, {
      statusUpdate: { taskId: 'theirs', contextId: 'c', status: { state: 'TASK_STATE_WORKING' }, metadata: { k: 2 } },
    });
    assert.deepEqual(status.events[0]?.response.statusUpdate, {
      taskId: 'tsk_1',
      contextId,
      status: { state: 'TASK_STATE_WORKING', timestamp: nowIso },
      metadata: { k: 2 },
    });
  });

  it('makes a direct answer the last words of a completed task', () => {
    const { events, upstreamTaskId } = translate(known, {
      message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'hi' }] },
    });
    assert.equal(upstreamTaskId, null);
    assert.deepEqual(
      events.map(({ kind, state }) => [kind, state]),
      [['reply', 'TASK_STATE_COMPLETED']],
    );
    assert.equal(events[0]?.response.statusUpdate?.status.message?.taskId, 'tsk_1');
  });
});
