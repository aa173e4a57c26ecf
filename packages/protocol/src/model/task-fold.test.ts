/** Guarantee: the same log gives the same task everywhere, and no event loses what an earlier one said. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as arbitraries from '../../test/arbitraries.ts';
import { applyEvent, isActive, isInterrupted, isTerminal, taskStateClass, taskStates, trimTask } from './index.ts';
import type { Artifact, Message, Part, StreamResponse, Task } from './index.ts';

const text = (value: string): Part => ({ text: value });
const agentSays = (messageId: string): Message => ({ messageId, role: 'ROLE_AGENT', parts: [text(messageId)] });
const userSays = (messageId: string): Message => ({ messageId, role: 'ROLE_USER', parts: [text(messageId)] });
const fresh: Task = { id: 't', contextId: 'c', status: { state: 'TASK_STATE_SUBMITTED' } };
const event = { taskId: 't', contextId: 'c' };

const withStatus = (task: Task, message?: Message): Task =>
  applyEvent(task, {
    statusUpdate: { ...event, status: { state: 'TASK_STATE_WORKING', ...(message && { message }) } },
  });
const withArtifact = (task: Task, artifact: Artifact, append?: boolean): Task =>
  applyEvent(task, { artifactUpdate: { ...event, artifact, ...(append === undefined ? {} : { append }) } });
const ids = (task: Task): string[] => (task.history ?? []).map(({ messageId }) => messageId);

describe('states', () => {
  it('have exactly these classes', () => {
    assert.deepEqual(
      { ...Object.groupBy(taskStates, taskStateClass) },
      {
        unspecified: ['TASK_STATE_UNSPECIFIED'],
        active: ['TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING'],
        terminal: ['TASK_STATE_COMPLETED', 'TASK_STATE_FAILED', 'TASK_STATE_CANCELED', 'TASK_STATE_REJECTED'],
        interrupted: ['TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_AUTH_REQUIRED'],
      },
    );
    for (const state of taskStates) {
      assert.equal(
        [isActive(state), isInterrupted(state), isTerminal(state)].filter(Boolean).length,
        state === 'TASK_STATE_UNSPECIFIED' ? 0 : 1,
      );
    }
  });
});

describe('status updates', () => {
  it('move the earlier status message into the history, in order', () => {
    const task = withStatus(withStatus(withStatus(fresh, agentSays('1')), agentSays('2')), agentSays('3'));
    assert.deepEqual(ids(task), ['1', '2']);
    assert.equal(task.status.message?.messageId, '3');
  });

  it('keep one copy of a message that is repeated or already in the history', () => {
    assert.deepEqual(ids(withStatus(withStatus(fresh, agentSays('1')), agentSays('1'))), []);
    const known: Task = {
      ...fresh,
      history: [agentSays('1')],
      status: { state: 'TASK_STATE_WORKING', message: agentSays('1') },
    };
    assert.deepEqual(ids(withStatus(known)), ['1']);
  });

  it('keep a message whose id a user turn happens to share', () => {
    const task = applyEvent(withStatus(fresh, agentSays('1')), { message: userSays('1') });
    assert.deepEqual(withStatus(task).history, [userSays('1'), agentSays('1')]);
  });

  it('merge their metadata into the task', () => {
    const first = applyEvent(fresh, { statusUpdate: { ...event, status: fresh.status, metadata: { a: 1, b: 1 } } });
    const second = applyEvent(first, { statusUpdate: { ...event, status: fresh.status, metadata: { b: 2 } } });
    assert.deepEqual(second.metadata, { a: 1, b: 2 });
  });
});

describe('messages of the log', () => {
  it('are added to the history, even with an id used before', () => {
    const task = [userSays('1'), userSays('2'), userSays('1')].reduce(
      (view, message) => applyEvent(view, { message }),
      fresh,
    );
    assert.deepEqual(ids(task), ['1', '2', '1']);
  });
});

describe('artifact updates', () => {
  const one: Artifact = { artifactId: 'a', name: 'n', parts: [text('1')], metadata: { x: 1 } };

  it('append parts and keep what the piece does not say', () => {
    const task = withArtifact(
      withArtifact(fresh, one),
      { artifactId: 'a', parts: [text('2')], metadata: { y: 2 } },
      true,
    );
    assert.deepEqual(task.artifacts, [
      { artifactId: 'a', name: 'n', parts: [text('1'), text('2')], metadata: { x: 1, y: 2 } },
    ]);
  });

  it('replace the artifact without append, in its place', () => {
    const before = withArtifact(withArtifact(fresh, one), { ...one, artifactId: 'b' });
    const task = withArtifact(before, { artifactId: 'a', parts: [text('2')] }, false);
    assert.deepEqual(task.artifacts, [
      { artifactId: 'a', parts: [text('2')] },
      { ...one, artifactId: 'b' },
    ]);
  });

  it('start an artifact that append names for the first time', () => {
    assert.deepEqual(withArtifact(fresh, one, true).artifacts, [one]);
  });
});

describe('snapshots', () => {
  it('win, but forget nothing they leave out', () => {
    const before = applyEvent(
      withArtifact(withStatus(fresh, agentSays('1')), { artifactId: 'a', parts: [text('1')] }),
      { message: userSays('2') },
    );
    const task = applyEvent(before, { task: { id: 't', contextId: 'c', status: { state: 'TASK_STATE_COMPLETED' } } });
    assert.equal(task.status.state, 'TASK_STATE_COMPLETED');
    assert.deepEqual(task.artifacts, before.artifacts);
    assert.deepEqual(ids(task), ['2', '1']);
    const full = { ...fresh, history: [userSays('9')] };
    assert.deepEqual(ids(applyEvent(before, { task: full })), ['9']);
  });
});

describe('the fold', () => {
  const entry: fc.Arbitrary<StreamResponse> = fc.oneof(
    arbitraries.update,
    arbitraries.message.map((message) => ({ message })),
  );
  const logs = fc.tuple(arbitraries.task, fc.array(entry, { maxLength: 8 }));

  it('never changes its input', () => {
    fc.assert(
      fc.property(logs, ([task, events]) => {
        const before = JSON.stringify([task, events]);
        events.reduce(applyEvent, task);
        assert.equal(JSON.stringify([task, events]), before);
      }),
    );
  });

  it('loses no history, no artifact and no appended part, and keeps the ids', () => {
    fc.assert(
      fc.property(logs, ([task, events]) => {
        let view = task;
        for (const update of events) {
          const next = applyEvent(view, update);
          assert.deepEqual([next.id, next.contextId], [task.id, task.contextId]);
          assert.deepEqual((next.history ?? []).slice(0, view.history?.length ?? 0), view.history ?? []);
          const artifactIds = (next.artifacts ?? []).map(({ artifactId }) => artifactId);
          assert.deepEqual(
            artifactIds.slice(0, view.artifacts?.length ?? 0),
            (view.artifacts ?? []).map(({ artifactId }) => artifactId),
          );
          assert.equal(new Set(artifactIds).size, artifactIds.length);
          if (update.artifactUpdate?.append === true) {
            const count = (among: Task): number =>
              (among.artifacts ?? []).reduce((sum, { parts }) => sum + parts.length, 0);
            assert.equal(count(next), count(view) + update.artifactUpdate.artifact.parts.length);
          }
          view = next;
        }
      }),
    );
  });

  it('gives the same for chunks appended one by one as for all of them at once', () => {
    fc.assert(
      fc.property(fc.array(arbitraries.part, { minLength: 2, maxLength: 6 }), (parts) => {
        const chunked = parts.reduce(
          (view, part) => withArtifact(view, { artifactId: 'a', parts: [part] }, true),
          fresh,
        );
        assert.deepEqual(chunked.artifacts, withArtifact(fresh, { artifactId: 'a', parts }).artifacts);
      }),
    );
  });
});

describe('trimming', () => {
  const task: Task = {
    ...fresh,
    artifacts: [{ artifactId: 'a', parts: [text('1')] }],
    history: [userSays('1'), agentSays('2'), userSays('3')],
  };

  it('keeps the newest messages, oldest first', () => {
    assert.deepEqual(ids(trimTask(task, { historyLength: 2 })), ['2', '3']);
    assert.deepEqual(ids(trimTask(task, { historyLength: 9 })), ['1', '2', '3']);
    assert.deepEqual(ids(trimTask(task, {})), ['1', '2', '3']);
    assert.equal('history' in trimTask(task, { historyLength: 0 }), false);
  });

  it('leaves artifacts out, makes them present, or leaves them alone', () => {
    assert.equal('artifacts' in trimTask(task, { includeArtifacts: false }), false);
    assert.deepEqual(trimTask(fresh, { includeArtifacts: true }).artifacts, []);
    assert.equal('artifacts' in trimTask(fresh, {}), false);
    assert.deepEqual(trimTask(task, {}), task);
  });

  it('never changes its input', () => {
    fc.assert(
      fc.property(arbitraries.task, fc.nat({ max: 4 }), fc.boolean(), (whole, historyLength, includeArtifacts) => {
        const before = JSON.stringify(whole);
        const trimmed = trimTask(whole, { historyLength, includeArtifacts });
        assert.equal(JSON.stringify(whole), before);
        assert.ok((trimmed.history?.length ?? 0) <= historyLength);
        assert.equal('artifacts' in trimmed, includeArtifacts);
      }),
    );
  });
});
