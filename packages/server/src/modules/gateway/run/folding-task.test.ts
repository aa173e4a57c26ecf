/** Guarantee: a task is the same at every read, and however much an agent says, each word is copied a few times at most without a read. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyEvents } from '@colloquy/protocol';
import type { StreamResponse, Task } from '@colloquy/protocol';
import { FoldingTask } from './folding-task.ts';

const begun: Task = { id: 't', contextId: 'c', status: { state: 'TASK_STATE_WORKING' } };

const piece = (text: string): StreamResponse => ({
  artifactUpdate: { taskId: 't', contextId: 'c', artifact: { artifactId: 'a', parts: [{ text }] }, append: true },
});

describe('a task that is folded when it is read', () => {
  it('is what its events make of it, whenever that is', () => {
    const events = Array.from({ length: 1_500 }, (_, at) => piece(String(at)));
    for (const eventsPerRead of [1, 7, 1_100, 10_000]) {
      const folding = new FoldingTask(begun);
      for (const [at, event] of events.entries()) {
        folding.add(event);
        if (at % eventsPerRead === 0) assert.deepEqual(folding.task, applyEvents(begun, events.slice(0, at + 1)));
      }
      assert.deepEqual(folding.task, applyEvents(begun, events), `read every ${String(eventsPerRead)}`);
    }
  });

  it('keeps little of what was replaced', () => {
    let folded = 0;
    const folding = new FoldingTask(begun, (task, events) => {
      folded += events.length;
      return applyEvents(task, events);
    });
    for (let at = 1; at <= 1_000; at += 1) {
      folding.add({
        artifactUpdate: { taskId: 't', contextId: 'c', artifact: { artifactId: 'a', parts: [{ text: String(at) }] } },
      });
      assert.ok(at - folded < 64);
    }
    assert.deepEqual(folding.task.artifacts?.[0]?.parts, [{ text: '1000' }]);
  });

  it('is the same object until an event is added, and an object that was read never changes', () => {
    const folding = new FoldingTask(begun);
    folding.add(piece('one'));
    const looked = folding.task;
    const said = structuredClone(looked);
    assert.equal(folding.task, looked);
    folding.add(piece('two'));
    assert.notEqual(folding.task, looked);
    assert.deepEqual(looked, said);
  });

  it('copies each part of 50,000 a few times at most', () => {
    let copied = 0;
    const partsOf = ({ artifacts = [] }: Task): number => artifacts[0]?.parts.length ?? 0;
    const count = 50_000;
    const folding = new FoldingTask(begun, (task, events) => {
      copied += partsOf(task);
      return applyEvents(task, events);
    });
    for (let at = 0; at < count; at += 1) folding.add(piece(''));
    assert.equal(partsOf(folding.task), count);
    assert.ok(copied <= 2 * count, `${String(copied)} copies`);
  });
});
