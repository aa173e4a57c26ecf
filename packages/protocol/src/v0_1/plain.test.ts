/** Guarantee: the plain forms of a send are understood or told what is wrong, and answer in the shape that their callers know. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultDecodeLimits } from '../codec/index.ts';
import { DecodeError } from '../errors/index.ts';
import type { SendMessageRequest, SendMessageResponse } from '../model/index.ts';
import { decodePlainMessage, decodePlainTask, encodePlainMessage, encodePlainTask } from './index.ts';

type Decode = (body: unknown) => SendMessageRequest;
const task: Decode = (body) => decodePlainTask(body, defaultDecodeLimits);
const message: Decode = (body) => decodePlainMessage(body, defaultDecodeLimits);

function violated(decode: Decode, body: unknown): string {
  try {
    decode(body);
  } catch (error) {
    assert.ok(error instanceof DecodeError);
    return error.violations.map(({ field }) => field).join();
  }
  assert.fail('accepted');
}

describe('plain tasks/send', () => {
  it('is a text, or parts, for a task that its caller names', () => {
    const said = { messageId: '', taskId: 'mine', role: 'ROLE_USER', parts: [{ text: 'hi' }] };
    assert.deepEqual(task({ id: 'mine', message: { text: 'hi' }, timestamp: 'now' }), { message: said });
    const parts = [{ type: 'text', text: 'hi' }];
    assert.deepEqual(task({ id: 'mine', sessionId: 's', message: { role: 'user', parts } }), {
      message: { ...said, contextId: 's' },
    });
  });

  it('is refused with the field', () => {
    assert.equal(violated(task, []), '');
    assert.equal(violated(task, {}), 'id,message');
    assert.equal(violated(task, { id: 'a', message: {} }), 'message.parts');
    assert.equal(violated(task, { id: 'a', message: { text: '' } }), 'message.text');
    assert.equal(violated(task, { id: 'a', message: { text: 7 } }), 'message.text,message.text');
    assert.equal(violated(task, { id: 'a', message: { text: 'x', parts: [{ text: 'y' }] } }), 'message');
    assert.equal(violated(task, { id: 'a', message: { text: 'x', role: 'agent' } }), 'message.role');
  });

  const answer = (response: SendMessageResponse): unknown => JSON.parse(encodePlainTask(response, 'mine'));
  const status = { state: 'TASK_STATE_COMPLETED', timestamp: 'now' } as const;

  it('answers the text of what was made, or of the last words', () => {
    const artifacts = ['a', 'b'].map((text) => ({ artifactId: text, parts: [{ text }] }));
    const told = { id: 'mine', status: 'completed', result: 'a\nb', timestamp: 'now' };
    assert.deepEqual(answer({ task: { id: 'tsk_1', status, artifacts } }), told);
    const words = { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'Which?' }] } as const;
    const asking = { id: 'tsk_1', status: { ...status, state: 'TASK_STATE_INPUT_REQUIRED', message: words } } as const;
    assert.deepEqual(answer({ task: asking }), { ...told, status: 'input-required', result: 'Which?' });
    assert.deepEqual(answer({ message: words }), { id: 'mine', status: 'completed', result: 'Which?' });
    assert.deepEqual(answer({ task: { id: 'tsk_1', status } }), { ...told, result: '' });
  });

  it('answers an object as it is, and anything else as parts', () => {
    const resultOf = (parts: readonly [{ data: null }] | readonly [{ data: { n: 1 } }]): unknown => {
      const artifacts = [{ artifactId: 'a', parts }];
      return (answer({ task: { id: 'tsk_1', status, artifacts } }) as { result: unknown }).result;
    };
    assert.deepEqual(resultOf([{ data: { n: 1 } }]), { n: 1 });
    const bare = [{ type: 'data', data: { value: null }, metadata: { data_part_compat: true } }];
    assert.deepEqual(resultOf([{ data: null }]), bare);
  });
});

describe('plain message/send', () => {
  it('is a message without an envelope', () => {
    const parts = [{ text: 'hi' }];
    assert.deepEqual(message({ method: 'message/send', params: { message: { role: 'user', parts } } }), {
      message: { messageId: '', role: 'ROLE_USER', parts },
    });
    const ids = { messageId: 'm', contextId: 'c', taskId: 't' };
    assert.deepEqual(message({ params: { message: { ...ids, parts } } }), {
      message: { ...ids, role: 'ROLE_USER', parts },
    });
  });

  it('is refused with the field', () => {
    assert.equal(violated(message, {}), 'params');
    assert.equal(violated(message, { method: 'tasks/send', params: { message: { text: 'x' } } }), 'method');
    assert.equal(violated(message, { method: 'message/send', params: {} }), 'params.message');
    assert.equal(violated(message, { params: { message: { parts: [] } } }), 'params.message.parts');
  });

  it('answers a message', () => {
    const artifacts = [{ artifactId: 'a', parts: [{ text: 'a' }] }];
    const made = {
      task: { id: 'tsk_1', contextId: 'c', status: { state: 'TASK_STATE_COMPLETED' }, artifacts },
    } as const;
    assert.deepEqual(JSON.parse(encodePlainMessage(made)), {
      message: { role: 'agent', parts: [{ type: 'text', text: 'a' }], taskId: 'tsk_1', contextId: 'c' },
      status: 'completed',
    });
    const words = { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'a' }] } as const;
    assert.deepEqual(JSON.parse(encodePlainMessage({ message: words })), {
      message: { role: 'agent', parts: [{ type: 'text', text: 'a' }], messageId: 'm' },
    });
  });
});
