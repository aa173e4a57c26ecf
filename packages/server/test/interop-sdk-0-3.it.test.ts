/**
 * Guarantee: a program with the official A2A SDK 0.3, unmodified, that knows nothing but an agent's plain address and a token, finds the card
 * and a transport, sends, streams, resumes, cancels, and reads refusals. The same card still serves clients of 1.0, and its signature holds.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { verifyAgentCardSignature } from '@a2a-js/sdk';
import type { AgentCard as SdkCard } from '@a2a-js/sdk';
import { ClientFactory as ClientFactory1, DefaultAgentCardResolver as Resolver1 } from '@a2a-js/sdk/client';
import type { MessageSendParams, Task } from 'a2a-sdk-0-3';
import {
  ClientFactory,
  ClientFactoryOptions,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  RestTransportFactory,
} from 'a2a-sdk-0-3/client';
import type { Client } from 'a2a-sdk-0-3/client';
import { GrpcTransportFactory } from 'a2a-sdk-0-3/client/grpc';
import { createLocalJWKSet } from 'jose';
import type { JSONWebKeySet } from 'jose';
import type { JsonObject } from '@colloquy/protocol';
import { verifyCardDocument } from '@colloquy/protocol/signing';
import { json, startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting } from './a2a-setting.ts';
import { noTask } from './interop-setting.ts';

const wellKnown = '/.well-known/agent-card.json';
/** Nothing listens there: what is delivered does not matter here. */
const hookUrl = 'http://127.0.0.1:1/hook';
const membersOf03 = ['url', 'preferredTransport', 'protocolVersion', 'additionalInterfaces', 'security'];

const say = (text: string, configuration?: MessageSendParams['configuration']): MessageSendParams => ({
  message: { kind: 'message', messageId: randomUUID(), role: 'user', parts: [{ kind: 'text', text }] },
  ...(configuration === undefined ? {} : { configuration }),
});

function asTask(answer: object): Task {
  assert.ok('kind' in answer && answer.kind === 'task');
  return answer as Task;
}

describe('the official A2A SDK 0.3', () => {
  let setting: A2aSetting;
  let token: string;
  before(async () => {
    setting = await startA2aSetting();
    token = await setting.tenant.client.token();
  });
  after(() => setting[Symbol.asyncDispose]());

  const withToken: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(input, { ...init, headers });
  };
  const agentUrl = (): string => `${setting.platform.url}${setting.path}/`;

  const clientOver = async (binding: 'JSONRPC' | 'HTTP+JSON' | 'GRPC'): Promise<Client> => {
    const options = { fetchImpl: withToken };
    const bearer = {
      before: (args: { options?: { serviceParameters?: Record<string, string> } }) => {
        args.options = { ...args.options, serviceParameters: { authorization: `Bearer ${token}` } };
        return Promise.resolve();
      },
      after: () => Promise.resolve(),
    };
    const factory = new ClientFactory(
      ClientFactoryOptions.createFrom(ClientFactoryOptions.default, {
        transports: [
          new JsonRpcTransportFactory(options),
          new RestTransportFactory(options),
          // The host name begins with the agent: requests of 0.3 have no tenant.
          new GrpcTransportFactory({ grpcCallOptions: { host: 'worker.agents.example' } }),
        ],
        cardResolver: new DefaultAgentCardResolver(options),
        preferredTransports: [binding],
        ...(binding === 'GRPC' ? { clientConfig: { interceptors: [bearer] } } : {}),
      }),
    );
    if (binding !== 'GRPC') return factory.createFromUrl(agentUrl());
    const card = await new DefaultAgentCardResolver(options).resolve(agentUrl());
    const url = setting.platform.platform.grpcAddress ?? '';
    return factory.createFromAgentCard({ ...card, url, preferredTransport: 'GRPC' });
  };

  for (const binding of ['JSONRPC', 'HTTP+JSON', 'GRPC'] as const) {
    describe(`over ${binding}`, () => {
      let client: Client;
      before(async () => {
        client = await clientOver(binding);
      });

      it('sends a message and gets the finished task', async () => {
        const task = asTask(await client.sendMessage(say('hello')));
        assert.equal(task.status.state, 'completed');
        assert.deepEqual(await client.getTask({ id: task.id }), task);
      });

      it('streams a task to its end', async () => {
        const kinds: string[] = [];
        for await (const event of client.sendMessageStream(say('streamed'))) kinds.push(event.kind);
        assert.deepEqual(kinds, ['task', 'artifact-update', 'status-update']);
      });

      it('resumes a task that it left, and cancels it', async () => {
        const task = asTask(await client.sendMessage(say(`hold ${randomUUID()}`, { blocking: false })));
        const events = client.resubscribeTask({ id: task.id });
        assert.equal((await events.next()).value?.kind, 'task');
        assert.equal((await client.cancelTask({ id: task.id })).status.state, 'canceled');
        const last: unknown[] = [];
        for await (const event of events) last.push(event.kind === 'status-update' && event.status.state);
        assert.equal(last.at(-1), 'canceled');
        await assert.rejects(client.cancelTask({ id: task.id }), (error: Error) =>
          error.constructor.name.startsWith('TaskNotCancelable'),
        );
        assert.equal((await client.getTask({ id: task.id })).status.state, 'canceled', 'and it stays as it was');
      });

      it('sends and gets data and files', async () => {
        const parts = [
          { kind: 'data' as const, data: { order: 17 } },
          { kind: 'file' as const, file: { bytes: 'AAEC', mimeType: 'application/x-bytes' } },
        ];
        const { message } = say('');
        const { history } = asTask(await client.sendMessage({ message: { ...message, parts } }));
        const kept = history?.[0]?.parts.map((part) =>
          part.kind === 'data' ? part.data : part.kind === 'file' && part.file,
        );
        assert.deepEqual(
          kept,
          parts.map((part) => part.data ?? part.file),
        );
      });

      it('sets, reads, lists and deletes a webhook', async () => {
        const { id: taskId } = asTask(await client.sendMessage(say('ended')));
        const pushNotificationConfig = { id: 'hook', url: 'https://example.org/hook' };
        const made = await client.setTaskPushNotificationConfig({ taskId, pushNotificationConfig });
        assert.deepEqual([made.taskId, made.pushNotificationConfig.id], [taskId, 'hook']);
        const named = { id: taskId, pushNotificationConfigId: 'hook' };
        assert.deepEqual(await client.getTaskPushNotificationConfig(named), made);
        assert.deepEqual(await client.listTaskPushNotificationConfig({ id: taskId }), [made]);
        await client.deleteTaskPushNotificationConfig(named);
        await assert.rejects(client.getTaskPushNotificationConfig(named));
      });

      it('finds a webhook without an id by its task and as the default one', async () => {
        const { id } = asTask(await client.sendMessage(say('ended', { pushNotificationConfig: { url: hookUrl } })));
        const found = async (pushNotificationConfigId: string): Promise<readonly (string | undefined)[]> => {
          const named = { id, pushNotificationConfigId };
          const { pushNotificationConfig: config } = await client.getTaskPushNotificationConfig(named);
          return [config.id, config.url];
        };
        for (const name of [id, 'default']) assert.deepEqual(await found(name), [id, hookUrl]);
        // Over gRPC this SDK sends the word "undefined" where there is no id.
        const later = { url: `${hookUrl}/later`, ...(binding === 'GRPC' ? { id } : {}) };
        await client.setTaskPushNotificationConfig({ taskId: id, pushNotificationConfig: later });
        for (const name of [id, 'default']) assert.deepEqual(await found(name), [id, later.url]);
        const own = { id: 'default', url: `${hookUrl}/own` };
        await client.setTaskPushNotificationConfig({ taskId: id, pushNotificationConfig: own });
        assert.deepEqual(await found('default'), [own.id, own.url]);
        assert.deepEqual(await found(id), [id, later.url]);
        assert.equal((await client.listTaskPushNotificationConfig({ id })).length, 2);
        await assert.rejects(found('another'));
      });

      it('gets the extended card', async () => {
        const card = await client.getAgentCard();
        assert.deepEqual([card.name, card.protocolVersion], ['Worker', '0.3.0']);
      });

      it('knows refusals by their class', async () => {
        const { id } = asTask(await client.sendMessage(say('ended')));
        const refusals = [
          [client.getTask({ id: noTask }), 'TaskNotFoundError'],
          [client.cancelTask({ id: noTask }), 'TaskNotFoundError'],
          [client.cancelTask({ id }), 'TaskNotCancelableError'],
        ] as const;
        for (const [call, kind] of refusals)
          await assert.rejects(call, (error: Error) => error.constructor.name.startsWith(kind.replace(/Error$/, '')));
        await assert.rejects(client.resubscribeTask({ id }).next());
      });

      it('reads why a stream of a task that does not exist is refused', async () => {
        const events = client.resubscribeTask({ id: noTask });
        await assert.rejects(events.next(), /task not found/i);
        await assert.rejects(client.getTask({ id: noTask }), /task not found/i);
      });
    });
  }

  describe('written by hand over HTTP+JSON, as the official kit of 0.3 does', () => {
    const rest = async (verb: string, path: string, body?: object): Promise<Record<string, unknown>> => {
      const answer = await setting.call(setting.path + path, {
        method: verb,
        headers: { ...json, 'a2a-version': '0.3' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
      assert.equal(answer.status, 200, answer.text);
      return answer.json as Record<string, unknown>;
    };
    const send = async (text: string): Promise<{ id: string; status: { state: string } }> => {
      const message = { message_id: randomUUID(), role: 'ROLE_USER', content: [{ text }] };
      const { task } = await rest('POST', '/v1/message:send', { message });
      return task as { id: string; status: { state: string } };
    };

    it('answers a send without a configuration at once, with a task that can still be cancelled', async () => {
      const { id, status } = await send(`hold ${randomUUID()}`);
      assert.match(status.state, /^TASK_STATE_(SUBMITTED|WORKING)$/);
      const canceled = await rest('POST', `/v1/tasks/${id}:cancel`, {});
      assert.equal((canceled['status'] as { state: string }).state, 'TASK_STATE_CANCELLED');
    });

    it('sets and reads a webhook with an empty authentication', async () => {
      const { id } = await send('ended');
      const push = { id: 'default', url: hookUrl, token: '', authentication: {} };
      const name = `tasks/${id}/pushNotificationConfigs/default`;
      const request = { parent: `tasks/${id}`, config_id: 'default', config: { name, push_notification_config: push } };
      const made = await rest('POST', `/v1/tasks/${id}/pushNotificationConfigs`, request);
      assert.deepEqual(made, { name, pushNotificationConfig: { id: 'default', url: hookUrl } });
      assert.deepEqual(await rest('GET', `/v1/${name}`), made);
    });
  });

  it('shares its card with clients of 1.0: the members of both versions, and a signature that both SDKs of 1.0 rules accept', async () => {
    const plain = await setting.call(setting.path + wellKnown);
    const card = plain.json as JsonObject;
    for (const member of membersOf03) assert.ok(member in card, member);
    const named = await setting.call(setting.path + wellKnown, { headers: { 'a2a-version': '1.0' } });
    const cardOf1 = named.json as JsonObject;
    for (const [name, value] of Object.entries(cardOf1))
      if (name !== 'securitySchemes') assert.deepEqual(card[name], value, name);
    const schemes = card['securitySchemes'] as Record<string, JsonObject>;
    for (const [name, scheme] of Object.entries(cardOf1['securitySchemes'] as Record<string, JsonObject>)) {
      assert.equal(typeof schemes[name]?.['type'], 'string');
      for (const [member, value] of Object.entries(scheme)) assert.deepEqual(schemes[name]?.[member], value);
    }
    for (const member of membersOf03) assert.ok(!(member in cardOf1), `${member} is not of 1.0`);
    assert.notEqual(plain.headers.get('etag'), named.headers.get('etag'));
    assert.match(plain.headers.get('vary') ?? '', /A2A-Version/);

    const keys = (await setting.call('/.well-known/jwks.json', { token: null })).json as JSONWebKeySet;
    const local = createLocalJWKSet(keys);
    const verify = verifyAgentCardSignature(async (kid) => local({ alg: 'ES256', kid }));
    const trusted = keys.keys.map((publicKey) => ({
      kid: publicKey.kid ?? '',
      algorithms: ['ES256'] as const,
      publicKey,
    }));
    for (const signed of [card, cardOf1]) {
      await verify(structuredClone(signed) as unknown as SdkCard);
      await assert.rejects(verify({ ...signed, name: 'Another agent' } as unknown as SdkCard));
      assert.equal((await verifyCardDocument(signed, trusted)).state, 'verified');
      assert.equal((await verifyCardDocument({ ...signed, version: '6.6.6' }, trusted)).state, 'invalid');
    }
  });

  it('and a client of 1.0 that names no version finds the same agent', async () => {
    const unnamed: typeof fetch = (input) => withToken(input);
    const card = await new Resolver1({ fetchImpl: unnamed }).resolve(agentUrl());
    const { transport } = await new ClientFactory1().createFromAgentCard(card);
    assert.deepEqual([transport.protocolName, transport.protocolVersion], ['JSONRPC', '1.0']);
  });
});
