/** Guarantee: a log is folded in one go into the very task that it is folded into event by event, however long it is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as arbitraries from '../../test/arbitraries.ts';
import { applyEvent, applyEvents } from './index.ts';
import type { Message, StreamResponse, Task } from './index.ts';

const fresh: Task = { id: 't', contextId: 'c', status: { state: 'TASK_STATE_SUBMITTED' } };
const about = { taskId: 't', contextId: 'c' };

/** Few ids, so that events are about the same artifacts and messages again and again. */
const id = fc.constantFrom('a', 'b', 'c');
const message: fc.Arbitrary<Message> = fc
  .tuple(arbitraries.message, id)
  .map(([said, messageId]) => ({ ...said, messageId }));
const task: fc.Arbitrary<Task> = fc
  .tuple(arbitraries.task, fc.array(message, { maxLength: 3 }), fc.option(message, { nil: undefined }))
  .map(([whole, history, last]) => ({
    ...whole,
    history,
    status: { ...whole.status, ...(last && { message: last }) },
  }));
const artifactUpdate: fc.Arbitrary<StreamResponse> = fc
  .tuple(arbitraries.artifact, id, fc.boolean())
  .map(([artifact, artifactId, append]) => ({
    artifactUpdate: { ...about, artifact: { ...artifact, artifactId }, append },
  }));
const statusUpdate: fc.Arbitrary<StreamResponse> = fc
  .tuple(arbitraries.status, fc.option(message, { nil: undefined }))
  .map(([status, said]) => ({ statusUpdate: { ...about, status: { ...status, ...(said && { message: said }) } } }));
const snapshot: fc.Arbitrary<StreamResponse> = fc
  .tuple(task, fc.boolean())
  .map(([{ history = [], ...whole }, isFull]) => ({ task: isFull ? { ...whole, history } : whole }));
const event: fc.Arbitrary<StreamResponse> = fc.oneof(
  { weight: 4, arbitrary: artifactUpdate },
  { weight: 4, arbitrary: statusUpdate },
  { weight: 2, arbitrary: message.map((said) => ({ message: said })) },
  { weight: 1, arbitrary: snapshot },
  { weight: 1, arbitrary: arbitraries.update },
);
const logs = fc.tuple(task, fc.array(event, { maxLength: 12 }), fc.nat({ max: 12 }));

describe('many events at once', () => {
  it('make the task that they make one by one, to the order of its keys, wherever the log is cut', () => {
    fc.assert(
      fc.property(logs, ([start, events, cut]) => {
        const singly = events.reduce(applyEvent, start);
        assert.equal(JSON.stringify(applyEvents(start, events)), JSON.stringify(singly));
        const inTwo = applyEvents(applyEvents(start, events.slice(0, cut)), events.slice(cut));
        assert.equal(JSON.stringify(inTwo), JSON.stringify(singly));
      }),
      { numRuns: 1_000 },
    );
  });

  it('change nothing that they are given, neither the task nor an event', () => {
    fc.assert(
      fc.property(logs, ([start, events, cut]) => {
        const given = JSON.stringify([start, events]);
        const between = applyEvents(start, events.slice(0, cut));
        const told = JSON.stringify(between);
        applyEvents(between, events.slice(cut));
        assert.deepEqual([JSON.stringify([start, events]), JSON.stringify(between)], [given, told]);
      }),
    );
  });

  const long: readonly [string, (at: number) => StreamResponse][] = [
    [
      'appends to one artifact',
      (at) => ({
        artifactUpdate: { ...about, artifact: { artifactId: 'a', parts: [{ text: `${at}` }] }, append: true },
      }),
    ],
    [
      'artifacts',
      (at) => ({ artifactUpdate: { ...about, artifact: { artifactId: `${at}`, parts: [{ text: 'x' }] } } }),
    ],
    [
      'words about the status',
      (at) => ({
        statusUpdate: {
          ...about,
          status: {
            state: 'TASK_STATE_WORKING',
            message: { messageId: `${at}`, role: 'ROLE_AGENT', parts: [{ text: 'x' }] },
          },
        },
      }),
    ],
    ['messages', (at) => ({ message: { messageId: `${at}`, role: 'ROLE_USER', parts: [{ text: 'x' }] } })],
  ];
  for (const [what, make] of long) {
    it(`are folded fast: 20,000 ${what} in less than 100 ms`, () => {
      const events = Array.from({ length: 20_000 }, (_, at) => make(at));
      const tookMs = Array.from({ length: 3 }, () => {
        const startedAt = performance.now();
        applyEvents(fresh, events);
        return performance.now() - startedAt;
      });
      assert.ok(Math.min(...tookMs) < 100, `${String(Math.min(...tookMs))} ms`);
      const parts = applyEvents(fresh, events).artifacts?.flatMap((artifact) => artifact.parts) ?? [];
      assert.equal(what.includes('artifact') ? parts.length : 20_000, 20_000);
    });
  }
});
