/** Guarantee: the work on a further message goes on until the agent reports something new, also when its stream begins with the answered question. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message, Task, TaskState } from '@colloquy/protocol';
import { repeatsAnsweredQuestion, withoutAnsweredQuestion } from './answered-question.ts';

const words = (role: Message['role'], messageId: string): Message => ({
  role,
  messageId,
  parts: [{ text: messageId }],
});
const user = (messageId: string): Message => words('ROLE_USER', messageId);
const question = (messageId: string): Message => words('ROLE_AGENT', messageId);
const artifacts = [{ artifactId: 'a', parts: [{ text: 'kept' }] }];
const firstMessage = [user('u1')];
const furtherMessage = [user('u1'), question('q1'), user('u2')];
const told = (state: TaskState, message?: Message): Task => ({
  id: 'agent-1',
  status: { state, ...(message === undefined ? {} : { message }) },
  artifacts,
});

describe('a snapshot at the beginning of a message', () => {
  const cases: readonly [string, readonly Message[], Task, TaskState][] = [
    [
      'repeats the answered question',
      furtherMessage,
      told('TASK_STATE_INPUT_REQUIRED', question('q1')),
      'TASK_STATE_WORKING',
    ],
    ['has lost the words of it', furtherMessage, told('TASK_STATE_INPUT_REQUIRED'), 'TASK_STATE_WORKING'],
    [
      'repeats a request for access',
      furtherMessage,
      told('TASK_STATE_AUTH_REQUIRED', question('q1')),
      'TASK_STATE_WORKING',
    ],
    ['asks anew', furtherMessage, told('TASK_STATE_INPUT_REQUIRED', question('q2')), 'TASK_STATE_INPUT_REQUIRED'],
    ['has ended', furtherMessage, told('TASK_STATE_COMPLETED', question('q1')), 'TASK_STATE_COMPLETED'],
    [
      'asks in the first message',
      firstMessage,
      told('TASK_STATE_INPUT_REQUIRED', question('q1')),
      'TASK_STATE_INPUT_REQUIRED',
    ],
    [
      'asks without words in the first message',
      firstMessage,
      told('TASK_STATE_INPUT_REQUIRED'),
      'TASK_STATE_INPUT_REQUIRED',
    ],
  ];
  for (const [name, history, snapshot, state] of cases) {
    it(`that ${name} means ${state}`, () => {
      const known: Task = { id: 'tsk_1', status: { state: 'TASK_STATE_WORKING' }, history };
      const { task } = withoutAnsweredQuestion(known, { task: snapshot });
      assert.equal(task?.status.state, state);
      assert.deepEqual([task?.id, task?.artifacts], ['agent-1', artifacts]);
    });
  }

  it('leaves everything but snapshots as it is', () => {
    const known: Task = { id: 'tsk_1', status: { state: 'TASK_STATE_WORKING' }, history: furtherMessage };
    const { status } = told('TASK_STATE_INPUT_REQUIRED', question('q1'));
    const item = { statusUpdate: { taskId: 'agent-1', contextId: 'c', status } };
    assert.equal(withoutAnsweredQuestion(known, item), item);
  });
});

describe('a status at the beginning of a message', () => {
  const known: Task = { id: 'tsk_1', status: { state: 'TASK_STATE_WORKING' }, history: furtherMessage };
  const cases: readonly [string, Task, boolean][] = [
    ['repeats the answered question', told('TASK_STATE_INPUT_REQUIRED', question('q1')), true],
    ['asks anew', told('TASK_STATE_INPUT_REQUIRED', question('q2')), false],
    ['asks without words', told('TASK_STATE_INPUT_REQUIRED'), false],
    ['goes on', told('TASK_STATE_WORKING', question('q1')), false],
  ];
  for (const [name, { status }, isOld] of cases) {
    it(`that ${name} is ${isOld ? 'old' : 'new'}`, () => {
      const item = { statusUpdate: { taskId: 'agent-1', contextId: '', status } };
      assert.equal(repeatsAnsweredQuestion(known, item), isOld);
    });
  }
});
