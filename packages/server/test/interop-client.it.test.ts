/**
 * Guarantee: a program written with the official A2A SDK uses every agent of this platform as it is, knowing nothing but the
 * agent's address and a token, over JSON-RPC, over HTTP+JSON and over gRPC.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { Role, TaskState } from '@a2a-js/sdk';
import type { Task } from '@a2a-js/sdk';
import type { Client } from '@a2a-js/sdk/client';
import {
  RequestMalformedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
  VersionNotSupportedError,
  isRestError,
} from '@a2a-js/sdk/errors';
import type { TestTenant } from '@colloquy/testkit';
import { startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting } from './a2a-setting.ts';
import {
  asTask,
  byId,
  cancel,
  collect,
  errorOf,
  nextOf,
  noTask,
  officialClient,
  officialFactory,
  say,
  sayAndLeave,
  stateOf,
  textOf,
} from './interop-setting.ts';
import type { BindingName } from './interop-setting.ts';

const page = (pageToken = '') => ({
  tenant: '',
  contextId: '',
  status: TaskState.TASK_STATE_UNSPECIFIED,
  pageSize: 2,
  pageToken,
  statusTimestampAfter: undefined,
});
/** A2A gives an invalid request no reason of its own, so over HTTP+JSON and gRPC only its status tells it. */
const malformed = RequestMalformedError;
const isMalformed = (error: Error): boolean =>
  error instanceof malformed ||
  (isRestError(error) && error.name === 'A2AError' && error.statusCode === 400) ||
  /^gRPC error for \w+: 3 /.test(error.message);
const spoken = (version: string, token: string) => ({
  serviceParameters: { 'A2A-Version': version, authorization: `Bearer ${token}` },
});
const hook = (taskId: string) => ({
  tenant: '',
  id: 'hook',
  taskId,
  url: 'https://example.org/hook',
  token: '',
  authentication: undefined,
});

describe('the official A2A client', () => {
  let setting: A2aSetting;
  let other: TestTenant;

  before(async () => {
    setting = await startA2aSetting();
    other = await setting.platform.createTenant(`other-${randomUUID().slice(0, 8)}`);
  });
  after(() => setting[Symbol.asyncDispose]());

  const urlOf = (agentName = 'worker'): string => setting.platform.url + setting.path.replace('worker', agentName);

  for (const binding of ['JSONRPC', 'HTTP+JSON', 'GRPC'] as const) {
    describe(`over ${binding}`, () => testBinding(binding));
  }

  function testBinding(binding: BindingName): void {
    let client: Client;
    const clientWith = (token: string | null, agentName?: string): Promise<Client> =>
      officialClient({ agentUrl: urlOf(agentName), token, binding });

    before(async () => {
      client = await clientWith(await setting.tenant.client.token());
    });

    /** A task that is worked on until the agent is told to go on. */
    async function startHeld(): Promise<Task> {
      return asTask(await client.sendMessage(sayAndLeave(`hold ${randomUUID()}`)));
    }

    it('finds the agent’s card at the agent’s address, and every way to the agent leads through us', async () => {
      const card = await client.getAgentCard();
      assert.equal(card.name, 'Worker');
      assert.deepEqual(
        card.supportedInterfaces.map(({ url, protocolVersion }) => [url, protocolVersion]),
        [
          [urlOf(), '1.0'],
          [urlOf(), '1.0'],
          [setting.platform.platform.grpcAddress, '1.0'],
          [urlOf(), '0.3'],
          [urlOf(), '0.3'],
        ],
      );
      assert.equal(card.capabilities?.streaming, true);
      assert.equal(client.transport.protocolName, binding);
      assert.doesNotMatch(JSON.stringify(card), new RegExp(new URL(setting.agent.url).host));
    });

    it('finds the card at the address that the platform prints', async () => {
      const factory = officialFactory({ token: await setting.tenant.client.token(), binding });
      const { url } = await setting.tenant.client.admin.getAgent({ agent: 'worker' });
      const found = await factory.createFromUrl(url);
      assert.equal((await found.getAgentCard()).name, 'Worker');
      assert.equal(found.transport.protocolName, binding);
    });

    it('sends a message and gets the finished task', async () => {
      const contextId = randomUUID();
      const task = asTask(await client.sendMessage(say('hello', { contextId })));
      assert.equal(task.status?.state, TaskState.TASK_STATE_COMPLETED);
      assert.equal(task.contextId, contextId);
      assert.deepEqual(
        task.artifacts.map(({ artifactId, parts }) => [artifactId, textOf(parts)]),
        [['echo', 'hello']],
      );
      assert.deepEqual(
        task.history.map(({ role, parts }) => [role, textOf(parts)]),
        [[Role.ROLE_USER, 'hello']],
      );
    });

    it('gets the words of an agent that makes no task', async () => {
      const answer = await client.sendMessage(say('reply'));
      assert.ok('parts' in answer);
      assert.deepEqual([answer.role, textOf(answer.parts)], [Role.ROLE_AGENT, 'Just words.']);
    });

    it('streams a task from its beginning to its end, in order', async () => {
      const events = await collect(client.sendMessageStream(say('streamed')));
      assert.deepEqual(
        events.map(({ payload }) => payload?.$case),
        ['task', 'artifactUpdate', 'statusUpdate'],
      );
      const [first, artifact, last] = events.map(({ payload }) => payload);
      assert.ok(first?.$case === 'task' && artifact?.$case === 'artifactUpdate' && last?.$case === 'statusUpdate');
      assert.equal(first.value.status?.state, TaskState.TASK_STATE_SUBMITTED);
      assert.equal(textOf(artifact.value.artifact?.parts), 'streamed');
      assert.equal(last.value.status?.state, TaskState.TASK_STATE_COMPLETED);
      const ids = new Set([first.value.id, artifact.value.taskId, last.value.taskId]);
      assert.equal(ids.size, 1, 'one task, under our id');
    });

    it('gets a task again, whole or without its history', async () => {
      const sent = asTask(await client.sendMessage(say('again')));
      const whole = await client.getTask(byId(sent.id));
      assert.deepEqual(whole, sent);
      const bare = await client.getTask({ ...byId(sent.id), historyLength: 0 });
      assert.deepEqual([bare.id, bare.history, bare.artifacts.length], [sent.id, [], 1]);
    });

    it('lists every own task once, page by page, newest first', async () => {
      const contextId = randomUUID();
      const sent: string[] = [];
      for (const words of ['one', 'two', 'three', 'four', 'five']) {
        sent.push(asTask(await client.sendMessage(say(words, { contextId }))).id);
      }
      const listed: string[] = [];
      let token = '';
      do {
        const answer = await client.listTasks({ ...page(token), contextId });
        assert.equal(answer.totalSize, 5);
        assert.ok(answer.tasks.length <= 2);
        listed.push(...answer.tasks.map(({ id }) => id));
        token = answer.nextPageToken;
      } while (token !== '');
      assert.deepEqual(listed, sent.toReversed());
    });

    it('leaves at once, cancels, and sees the end in every stream', async () => {
      const held = await startHeld();
      const watched = client.resubscribeTask(byId(held.id));
      const first = await nextOf(watched);
      assert.equal(first.payload?.$case, 'task');
      const canceled = await client.cancelTask(cancel(held.id));
      assert.equal(canceled.status?.state, TaskState.TASK_STATE_CANCELED);
      const rest = await collect(watched);
      assert.equal(stateOf(rest.at(-1)), TaskState.TASK_STATE_CANCELED);
      const again = await client.cancelTask(cancel(held.id));
      assert.equal(again.status?.state, TaskState.TASK_STATE_CANCELED);
    });

    it('leaves a stream and takes it up again; the task goes on meanwhile', async () => {
      const stream = client.sendMessageStream(say(`hold ${randomUUID()}`));
      const first = await nextOf(stream);
      assert.ok(first.payload?.$case === 'task');
      const { id } = first.payload.value;
      assert.equal(stateOf(await nextOf(stream)), TaskState.TASK_STATE_WORKING);
      await stream.return();

      const resumed = client.resubscribeTask(byId(id));
      const snapshot = await nextOf(resumed);
      assert.ok(snapshot.payload?.$case === 'task');
      assert.equal(snapshot.payload.value.status?.state, TaskState.TASK_STATE_WORKING);
      setting.agent.release();
      const rest = await collect(resumed);
      assert.deepEqual(
        rest.map(({ payload }) => payload?.$case),
        ['artifactUpdate', 'statusUpdate'],
      );
      const ended = await client.getTask(byId(id));
      assert.equal(ended.status?.state, TaskState.TASK_STATE_COMPLETED);
    });

    it('answers a question of the agent, and the same task goes on', async () => {
      const events = await collect(client.sendMessageStream(say('ask')));
      assert.equal(stateOf(events.at(-1)), TaskState.TASK_STATE_INPUT_REQUIRED);
      const [first] = events.map(({ payload }) => payload);
      assert.ok(first?.$case === 'task');
      const { id: taskId, contextId } = first.value;
      const done = asTask(await client.sendMessage(say('this one', { taskId, contextId })));
      assert.deepEqual([done.id, done.status?.state], [taskId, TaskState.TASK_STATE_COMPLETED]);
      assert.deepEqual(
        done.history.map(({ parts }) => textOf(parts)),
        ['ask', 'Which one?', 'this one'],
      );
    });

    it('gets the task it has when it sends the same message again', async () => {
      const words = `once ${randomUUID()}`;
      const message = say(words);
      const one = asTask(await client.sendMessage(message));
      const two = asTask(await client.sendMessage(message));
      assert.equal(two.id, one.id);
      assert.equal(setting.agent.heard.filter((heard) => heard === words).length, 1);
    });

    it('knows every refusal by the SDK’s own error class', async () => {
      const { id } = asTask(await client.sendMessage(say('ended')));
      const before = await setting.everyRow();
      const token = await setting.tenant.client.token();
      const refusals = [
        [() => client.getTask(byId(noTask)), TaskNotFoundError],
        [() => client.getTask(byId('what')), TaskNotFoundError],
        [() => client.cancelTask(cancel(noTask)), TaskNotFoundError],
        [() => client.resubscribeTask(byId(noTask)), TaskNotFoundError],
        [() => client.sendMessage(say('more', { taskId: noTask })), TaskNotFoundError],
        [() => client.sendMessageStream(say('more', { taskId: noTask })), TaskNotFoundError],
        [() => client.cancelTask(cancel(id)), TaskNotCancelableError],
        [() => client.resubscribeTask(byId(id)), UnsupportedOperationError],
        [() => client.sendMessage(say('more', { taskId: id })), UnsupportedOperationError],
        [() => client.createTaskPushNotificationConfig(hook(noTask)), TaskNotFoundError],
        [() => client.transport.getTask(byId(id), spoken('0.9', token)), VersionNotSupportedError],
        [() => client.getTaskPushNotificationConfig({ tenant: '', taskId: id, id: 'hook' }), TaskNotFoundError],
        [() => client.sendMessage(say('never', { parts: [] })), malformed],
        [() => client.sendMessageStream(say('never', { parts: [] })), malformed],
        [() => client.listTasks({ ...page('not a token') }), malformed],
        [() => client.listTasks({ ...page(), pageSize: 1_000 }), malformed],
      ] as const;
      for (const [call, kind] of refusals) {
        const error = await errorOf(call);
        assert.ok(kind === malformed ? isMalformed(error) : error instanceof kind, `${String(call)}: ${String(error)}`);
      }
      assert.equal(await setting.everyRow(), before);
    });

    it('learns nothing of another tenant’s agent and tasks', async () => {
      const { id } = asTask(await client.sendMessage(say(`mine ${randomUUID()}`)));
      const before = await setting.everyRow();
      const token = await other.client.token();
      const noCard = await errorOf(() => officialClient({ agentUrl: urlOf(), token, binding }));
      assert.match(noCard.message, /404/);

      // A client of another tenant that knows the card and the ids all the same.
      let bearer: string | null = await setting.tenant.client.token();
      const outsider = await officialClient({ agentUrl: urlOf(), binding, token: () => bearer });
      bearer = token;
      const calls = [
        () => outsider.getTask(byId(id)),
        () => outsider.listTasks(page()),
        () => outsider.cancelTask(cancel(id)),
        () => outsider.resubscribeTask(byId(id)),
        () => outsider.sendMessage(say('let me in')),
        () => outsider.sendMessage(say('let me in', { taskId: id })),
        () => outsider.sendMessageStream(say('let me in')),
      ];
      for (const call of calls) assert.match((await errorOf(call)).message, /no such agent/i);
      bearer = null;
      for (const call of calls) assert.match((await errorOf(call)).message, /access token/);
      assert.equal(await setting.everyRow(), before);
    });
  }

  it('has no advantage over curl: every request of the README is answered, with and without a version', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    const requests = readme.match(/^curl http:[^]+?'$/gm) ?? [];
    const token = await setting.tenant.client.token();
    const named = [];
    for (const request of requests) {
      const headers = new Headers(
        Array.from(
          request.matchAll(/-H ['"]([\w-]+): (.+?)['"](?= )/g),
          ([, name = '', value = '']): [string, string] => [name, value],
        ),
      );
      const [, body = ''] = /-d '([^]+)'$/.exec(request) ?? [];
      named.push(headers.get('a2a-version'));
      headers.set('authorization', `Bearer ${token}`);
      const answer = await fetch(urlOf('worker'), { method: 'POST', headers, body });
      assert.match(await answer.text(), /"state":"(?:TASK_STATE_COMPLETED|completed)"/);
    }
    assert.ok(named.includes('1.0') && named.includes(null), readme);
  });
});
