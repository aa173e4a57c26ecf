/**
 * Guarantee: every A2A operation does the same over JSON-RPC and over HTTP+JSON, answers in the form of its binding, and a view of
 * a task can be left and taken up again without gap, repeat or harm to the task.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { ListTasksResponse, StreamResponse, Task } from '@colloquy/protocol';
import { SseParser } from '@colloquy/protocol/sse';
import { eventually } from '@colloquy/testkit';
import { json, say, startA2aSetting, version } from './a2a-setting.ts';
import type { A2aSetting, WireAnswer, WireCall } from './a2a-setting.ts';

interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: readonly { readonly reason?: string; readonly domain?: string }[];
}
interface WireEvent {
  readonly id: string;
  readonly item: StreamResponse;
}

/** One binding, as a caller uses it. `codeOf` gives the JSON-RPC number, or the REST status. */
interface Binding {
  readonly name: string;
  ask(operation: string, request: Record<string, unknown>, call?: WireCall): Promise<WireAnswer>;
  open(operation: string, request: Record<string, unknown>, call?: WireCall): Promise<Response>;
  resultOf<T>(answer: WireAnswer): T;
  itemOf(data: string): StreamResponse;
  reasonsOf(answer: WireAnswer): readonly (string | undefined)[];
}

const restLine = (operation: string, { id }: Record<string, unknown>): readonly [verb: string, path: string] => {
  switch (operation) {
    case 'SendMessage':
      return ['POST', '/message:send'];
    case 'SendStreamingMessage':
      return ['POST', '/message:stream'];
    case 'GetTask':
      return ['GET', `/tasks/${String(id)}`];
    case 'ListTasks':
      return ['GET', '/tasks'];
    case 'CancelTask':
      return ['POST', `/tasks/${String(id)}:cancel`];
    default:
      return ['POST', `/tasks/${String(id)}:subscribe`];
  }
};

describe('A2A 1.0', () => {
  let setting: A2aSetting;
  before(async () => {
    setting = await startA2aSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  const jsonRpc: Binding = {
    name: 'JSON-RPC',
    ask: (operation, request, call) => setting.rpc(operation, request, call),
    open: (method, params, call) =>
      setting.fetch(setting.path, {
        method: 'POST',
        body: JSON.stringify({ jsonrpc: '2.0', id: 'q-1', method, params }),
        ...call,
        headers: { ...json, ...version, ...call?.headers },
      }),
    resultOf: <T>({ json: body }: WireAnswer) => {
      const answer = body as { jsonrpc: string; id: string; result: T };
      assert.deepEqual([answer.jsonrpc, answer.id, 'error' in answer], ['2.0', 'q-1', false], JSON.stringify(body));
      return answer.result;
    },
    itemOf: (data) => {
      const answer = JSON.parse(data) as { id: string; result: StreamResponse };
      assert.equal(answer.id, 'q-1');
      return answer.result;
    },
    reasonsOf: ({ json: body }) => ((body as { error: RpcError }).error.data ?? []).map(({ reason }) => reason),
  };

  const rest: Binding = {
    name: 'HTTP+JSON',
    ask: (operation, request, call) => {
      const [verb, path] = restLine(operation, request);
      const query = verb === 'GET' ? `?${new URLSearchParams(request as Record<string, string>).toString()}` : '';
      return setting.rest(verb, path + query, verb === 'GET' ? undefined : request, call);
    },
    open: (operation, request, call) => {
      const [method, path] = restLine(operation, request);
      return setting.fetch(setting.path + path, {
        method,
        body: JSON.stringify(request),
        ...call,
        headers: { ...json, ...version, ...call?.headers },
      });
    },
    resultOf: <T>({ status, json: body }: WireAnswer) => {
      assert.equal(status, 200, JSON.stringify(body));
      return body as T;
    },
    itemOf: (data) => JSON.parse(data) as StreamResponse,
    reasonsOf: ({ json: body }) =>
      ((body as { error: { details?: RpcError['data'] } }).error.details ?? []).map(({ reason }) => reason),
  };

  for (const binding of [jsonRpc, rest]) {
    describe(`over ${binding.name}`, () => testBinding(binding));
  }

  function testBinding(binding: Binding): void {
    const send = async (words: string, over: object = {}, call?: WireCall): Promise<Task> =>
      binding.resultOf<{ task: Task }>(await binding.ask('SendMessage', { ...say(words), ...over }, call)).task;
    const codesOf = async (operation: string, request: Record<string, unknown>, call?: WireCall) => {
      const answer = await binding.ask(operation, request, call);
      return binding.reasonsOf(answer);
    };

    it('sends and answers the finished task', async () => {
      const answer = await binding.ask('SendMessage', say('hello'));
      const { task } = binding.resultOf<{ task: Task }>(answer);
      assert.equal(answer.headers.get('content-type'), 'application/json');
      assert.equal(task.status.state, 'TASK_STATE_COMPLETED');
      assert.deepEqual(task.artifacts, [{ artifactId: 'echo', parts: [{ text: 'hello' }] }]);
    });

    it('answers the message of an agent that makes no task', async () => {
      const answer = binding.resultOf<StreamResponse>(await binding.ask('SendMessage', say('reply')));
      assert.deepEqual(Object.keys(answer), ['message']);
      assert.deepEqual(answer.message?.parts, [{ text: 'Just words.' }]);
    });

    it('gets, lists and trims', async () => {
      const contextId = randomUUID();
      const { id } = await send('listed', say('listed', { contextId }));
      const got = binding.resultOf<Task>(await binding.ask('GetTask', { id, historyLength: '0' }));
      assert.equal(got.id, id);
      assert.equal(got.history, undefined);
      const page = binding.resultOf<ListTasksResponse>(await binding.ask('ListTasks', { contextId, pageSize: '1' }));
      assert.deepEqual(Object.keys(page), ['tasks', 'nextPageToken', 'pageSize', 'totalSize']);
      assert.deepEqual(
        page.tasks.map((task) => [task.id, 'artifacts' in task, 'history' in task]),
        [[id, false, false]],
      );
      assert.deepEqual([page.nextPageToken, page.pageSize, page.totalSize], ['', 1, 1]);
    });

    it('returns at once when asked, cancels once, and then no more', async () => {
      const task = await send('hold', { configuration: { returnImmediately: true } });
      assert.ok(['TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING'].includes(task.status.state));
      const canceled = binding.resultOf<Task>(await binding.ask('CancelTask', { id: task.id }));
      assert.equal(canceled.status.state, 'TASK_STATE_CANCELED');
      const again = binding.resultOf<Task>(await binding.ask('CancelTask', { id: task.id }));
      assert.equal(again.status.state, 'TASK_STATE_CANCELED');
      const { id } = await send('done');
      assert.deepEqual(await codesOf('CancelTask', { id }), ['TASK_NOT_CANCELABLE', 'task.not-cancelable']);
      assert.deepEqual(await codesOf('SubscribeToTask', { id }), ['UNSUPPORTED_OPERATION', 'task.ended']);
      const followUp = say('more', { taskId: id });
      assert.deepEqual(await codesOf('SendMessage', followUp), ['UNSUPPORTED_OPERATION', 'task.ended']);
    });

    it('goes on after a question', async () => {
      const asked = await send('ask');
      assert.equal(asked.status.state, 'TASK_STATE_INPUT_REQUIRED');
      const turn = say('this one', { taskId: asked.id });
      const { task } = binding.resultOf<{ task: Task }>(await binding.ask('SendMessage', turn));
      assert.deepEqual([task.id, task.status.state], [asked.id, 'TASK_STATE_COMPLETED']);
    });

    it('streams each event once under its sequence, and ends', async () => {
      const response = await binding.open('SendStreamingMessage', say('streamed'));
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'text/event-stream');
      const events = readEvents(await response.bytes(), binding);
      assert.deepEqual(
        events.map(({ id, item }) => [id, Object.keys(item)[0]]),
        [
          ['1', 'task'],
          ['2', 'artifactUpdate'],
          ['3', 'statusUpdate'],
        ],
      );
    });

    it('goes on where a reader left, by a subscription and by the same message', async () => {
      const words = `hold for ${binding.name}`;
      const message = say(words);
      const left = new AbortController();
      const response = await binding.open('SendStreamingMessage', message, { signal: left.signal });
      const first = await readFirst(response, binding);
      assert.equal(first.id, '1');
      left.abort();
      const id = first.item.task?.id ?? '';
      await eventually('the agent is at work', async () => {
        const got = binding.resultOf<Task>(await binding.ask('GetTask', { id }));
        return got.status.state === 'TASK_STATE_WORKING';
      });
      const resume = { headers: { 'last-event-id': '1' } };
      const again = [
        await binding.open('SubscribeToTask', { id }, resume),
        await binding.open('SendStreamingMessage', message, resume),
      ];
      setting.agent.release();
      for (const resumed of again) {
        assert.deepEqual(
          readEvents(await resumed.bytes(), binding).map((event) => event.id),
          ['2', '3', '4'],
        );
      }
      assert.equal(binding.resultOf<Task>(await binding.ask('GetTask', { id })).status.state, 'TASK_STATE_COMPLETED');
      assert.equal(setting.agent.heard.filter((heard) => heard === words).length, 1);
    });

    it('does one thing for one key, and refuses the key for another', async () => {
      const key = { headers: { 'idempotency-key': randomUUID() } };
      const request = say('once');
      const one = await send('once', request, key);
      const other = await send('once', request, key);
      assert.equal(one.id, other.id);
      assert.deepEqual(await codesOf('SendMessage', say('twice'), key), ['task.idempotency-conflict']);
    });

    it('refuses a request without a token or a scope, in the error format of its binding', async () => {
      const { status, headers, text } = await binding.ask('SendMessage', say('unauthenticated'), { token: null });
      assert.equal(status, 401);
      assert.match(
        headers.get('www-authenticate') ?? '',
        /^Bearer resource_metadata="[^"]+\/oauth-protected-resource\/t\/[^"]+\/agents\/worker"$/,
      );
      assert.match(text, /access\.unauthenticated/);
      const token = await setting.tokenFor(setting.tenant, 'a2a:read');
      const refused = await binding.ask('SendMessage', say('reader'), { token });
      assert.equal(refused.status, 403);
      assert.match(refused.headers.get('www-authenticate') ?? '', /insufficient_scope/);
      assert.deepEqual(
        setting.agent.heard.filter((words) => words === 'unauthenticated' || words === 'reader'),
        [],
      );
    });
  }
});

function readEvents(bytes: Uint8Array, binding: Binding): readonly WireEvent[] {
  const parser = new SseParser({ eventBytesMax: 1024 * 1024 });
  return parser.push(bytes).map(({ data, lastEventId }) => ({ id: lastEventId, item: binding.itemOf(data) }));
}

async function readFirst(response: Response, binding: Binding): Promise<WireEvent> {
  const parser = new SseParser({ eventBytesMax: 1024 * 1024 });
  for await (const bytes of response.body ?? []) {
    const [event] = parser.push(bytes as Uint8Array);
    if (event !== undefined) return { id: event.lastEventId, item: binding.itemOf(event.data) };
  }
  throw new Error('The stream ended without an event.');
}
