/**
 * Guarantee: the gRPC service of A2A 0.3 serves callers that name no version or 0.3, at the agent that the host name begins with, with the
 * statuses that 0.3 has; a call of another version, or for no agent, leaves no trace.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { costUri, streamCursorUri } from '../src/modules/registry/index.ts';
import { framed, read, startGrpcSetting } from './grpc-setting.ts';
import type { GrpcEnd, GrpcSetting } from './grpc-setting.ts';

/** The number of `TASK_STATE_CANCELLED`. */
const canceled = 5;
const host = { ':authority': 'worker.agents.example:4802', 'a2a-version': undefined };

interface Priced {
  readonly metadata?: Readonly<Record<string, object>>;
}

describe('A2A 0.3 over gRPC', () => {
  let setting: GrpcSetting;
  before(async () => {
    setting = await startGrpcSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  const call = (rpc: string, json: object, headers: object = {}): Promise<GrpcEnd> => {
    const message = rpc.startsWith('Send') ? 'SendMessageRequest' : `${rpc}Request`;
    const path = `/a2a.v1.A2AService/${rpc}`;
    return setting.open(rpc, framed(`a2a.v1.${message}`, json), { path, headers: { ...host, ...headers } }).end;
  };
  const say = (text: string): object => ({
    message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', content: [{ text }] },
  });
  const taskOf = ({ messages }: GrpcEnd): { readonly id: string } => {
    const { task } = read('a2a.v1.SendMessageResponse', messages[0]);
    return task as { readonly id: string };
  };

  it('takes a call that names no version, or 0.3, and refuses any other', async () => {
    // What still worked in the background would change the rows.
    const blocking = { configuration: { blocking: true } };
    for (const version of [undefined, '', '0.3', '0.3.0'])
      assert.equal((await call('SendMessage', { ...say('hello'), ...blocking }, { 'a2a-version': version })).code, 0);
    const rowsBefore = await setting.everyRow();
    for (const version of ['1.0', '99.0', 'one']) {
      const { code, reasons } = await call('SendMessage', say('never'), { 'a2a-version': version });
      assert.deepEqual([code, reasons[0]], [9, 'VERSION_NOT_SUPPORTED'], version);
    }
    assert.equal(await setting.everyRow(), rowsBefore);
    assert.ok(!setting.agent.heard.includes('never'));
  });

  it('says how an agent is named when the host name names none', async () => {
    for (const authority of ['127.0.0.1:4802', 'localhost', '[::1]:4802']) {
      const { code, fields } = await call('SendMessage', say('never'), { ':authority': authority });
      assert.deepEqual([code, fields], [3, [':authority']], authority);
    }
    const unknown = await call('SendMessage', say('never'), { ':authority': 'missing.agents.example' });
    assert.equal(unknown.code, 5);
    assert.ok(!setting.agent.heard.includes('never'));
  });

  it('asks for a token like every other binding', async () => {
    const bytes = framed('a2a.v1.GetTaskRequest', { name: 'tasks/x' });
    const { end } = setting.open('GetTask', bytes, { path: '/a2a.v1.A2AService/GetTask', token: null, headers: host });
    assert.equal((await end).code, 16);
  });

  it('answers what an ended task does not allow as UNIMPLEMENTED, which clients of 0.3 take for an unsupported operation', async () => {
    const { id } = taskOf(await call('SendMessage', { ...say('ended'), configuration: { blocking: true } }));
    const { code, reasons } = await call('TaskSubscription', { name: `tasks/${id}` });
    assert.deepEqual([code, reasons[0]], [12, 'UNSUPPORTED_OPERATION']);
    const bad = await call('TaskSubscription', { name: id });
    assert.deepEqual([bad.code, bad.fields], [3, ['name']]);
  });

  it('answers a send without a configuration at once, with a task that can still be cancelled', async () => {
    const { id } = taskOf(await call('SendMessage', say(`hold ${crypto.randomUUID()}`)));
    const { code, messages } = await call('CancelTask', { name: `tasks/${id}` });
    assert.equal(code, 0);
    const { status } = read('a2a.v1.Task', messages[0]) as { status: { state: number } };
    assert.equal(status.state, canceled);
    const again = await call('CancelTask', { name: `tasks/${id}` });
    assert.deepEqual([again.code, again.reasons[0]], [9, 'TASK_NOT_CANCELABLE'], 'a canceled task cannot be canceled');
  });

  it('CREDIT-59 says what a task costs in answers and at the end of a stream, when its caller requests that', async () => {
    const asking = { 'x-a2a-extensions': costUri };
    const settled = { settled: '0.000005', settledMicrocredits: 5 };
    const { messages } = await call('SendStreamingMessage', say('streamed'), asking);
    const { statusUpdate } = read('a2a.v1.StreamResponse', messages.at(-1)) as {
      statusUpdate: Priced & { taskId: string };
    };
    assert.partialDeepStrictEqual(statusUpdate.metadata?.[costUri], settled);
    const name = `tasks/${statusUpdate.taskId}`;
    const shown = async (headers: object) => {
      const answer = await call('GetTask', { name }, headers);
      return (read('a2a.v1.Task', answer.messages[0]) as Priced).metadata?.[costUri];
    };
    assert.partialDeepStrictEqual(await shown(asking), settled);
    assert.equal(await shown({}), undefined);
  });

  it('marks the end of a stream as final, and continues it after a cursor', async () => {
    const asking = { 'x-a2a-extensions': streamCursorUri };
    const { messages } = await call('SendStreamingMessage', say('streamed'), asking);
    const events = messages.map((bytes) => read('a2a.v1.StreamResponse', bytes));
    const { statusUpdate } = events.at(-1) as { statusUpdate: { final: boolean; taskId: string; metadata: object } };
    assert.equal(statusUpdate.final, true);
    assert.deepEqual(statusUpdate.metadata, { [streamCursorUri]: { cursor: String(messages.length) } });
    const name = `tasks/${statusUpdate.taskId}`;
    const rest = await call('TaskSubscription', { name }, { ...asking, 'last-event-id': '1' });
    assert.deepEqual(rest.messages, messages.slice(1));
  });
});
