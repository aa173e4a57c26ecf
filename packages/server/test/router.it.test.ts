/**
 * Guarantee: a message to the router reaches the skill that fits it best among those that its caller may use. The task records the choice and the
 * reason, and stays at the router's address over every binding and version. A message that fits no skill is refused, and leaves no trace.
 * Spec: docs/specs/routing.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createClient } from '@colloquy/sdk/client';
import type { ColloquyClient } from '@colloquy/sdk/client';
import { eventually } from '@colloquy/testkit';
import { json, version } from './a2a-setting.ts';
import { message, startRouterSetting } from './router-setting.ts';
import type { RouterSetting } from './router-setting.ts';

interface Told {
  readonly id: string;
  readonly contextId: string;
  readonly status: { readonly state: string; readonly message?: { readonly parts: readonly { text: string }[] } };
}
interface Kept {
  readonly agent: string;
  readonly router: {
    readonly by: string;
    readonly skill: string;
    readonly considered: readonly { readonly agent: string; readonly skill: string; readonly verdict: string }[];
  };
}

const skill = (id: string) => ({ metadata: { 'urn:colloquy:extension:skill:v1': { id } } });

describe('the router', () => {
  let setting: RouterSetting;
  let client: ColloquyClient;
  before(async () => {
    setting = await startRouterSetting();
    const { platform, tenant, token } = setting;
    client = createClient({ baseUrl: platform.url, tenant: tenant.slug, token });
  });
  after(() => setting[Symbol.asyncDispose]());

  const rpc = async (method: string, params: unknown, token?: string) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const headers = { ...json, ...version, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
    const response = await fetch(setting.platform.url + setting.routerPath, {
      method: 'POST',
      headers: { authorization: `Bearer ${setting.token}`, ...headers },
      body,
    });
    return (await response.json()) as { result?: { task: Told }; error?: { data: readonly { reason: string }[] } };
  };
  const sent = async (parts: readonly object[], over: object = {}, token?: string): Promise<Told> => {
    const { result, error } = await rpc('SendMessage', message(parts, over), token);
    assert.equal(error, undefined, JSON.stringify(error));
    assert.ok(result !== undefined);
    return result.task;
  };
  const refusal = async (parts: readonly object[], over: object = {}, token?: string): Promise<string | undefined> =>
    (await rpc('SendMessage', message(parts, over), token)).error?.data[0]?.reason;
  const kept = async ({ id }: Pick<Told, 'id'>): Promise<Kept> =>
    (await setting.tenant.client.admin.inspectTask({ task: id })).decision as Kept;

  it('goes by the words of a message, and keeps with the task which skill it chose and why', async () => {
    const { agent, router } = await kept(await sent([{ text: 'How will the weather be tomorrow in Bern?' }]));
    assert.deepEqual([agent, router.by, router.skill], ['weather-g', 'text-match', 'forecast']);
    assert.deepEqual(
      router.considered.slice(0, 2).map((one) => [one.agent, one.verdict]),
      [
        ['weather-g', 'won'],
        ['weather-b', 'lower-rank'],
      ],
    );
    assert.equal(setting.heard.at(-1), 'weather-g: How will the weather be tomorrow in Bern?');
  });

  it('goes by the data of a message: the skill whose schema asks for most of what is there', async () => {
    const both = await kept(await sent([{ data: { amount: 5, currency: 'CHF' } }]));
    assert.deepEqual([both.agent, both.router.by, both.router.skill], ['billing', 'schema-fit', 'invoice']);
    const less = await kept(await sent([{ text: 'weather' }, { data: { amount: -5, currency: 'CHF' } }]));
    assert.deepEqual([less.router.by, less.router.skill], ['schema-fit', 'note']);
    assert.deepEqual(
      less.router.considered.map((one) => [one.skill, one.verdict]),
      [
        ['note', 'won'],
        ['invoice', 'schema-does-not-fit'],
      ],
    );
  });

  it('goes by the skill that a message names, whatever its words are, unless the data does not fit it', async () => {
    const named = await kept(
      await sent([{ text: 'the weather' }, { data: { amount: 1, currency: 'x' } }], skill('invoice')),
    );
    assert.deepEqual([named.agent, named.router.by, named.router.skill], ['billing', 'skill-id', 'invoice']);
    assert.equal(await refusal([{ data: { currency: 'x' } }], skill('invoice')), 'router.nothing-fits');
  });

  it('TASK-20 TASK-21 TASK-22 gives the agent that it finds the id that the context has at that agent’s own address', async () => {
    const contextId = 'session-1';
    const task = await sent([{ text: 'Will it rain tomorrow in Berlin?' }], { contextId });
    const direct = await client.agent('weather-g').send('rain', { contextId });
    assert.deepEqual([task.contextId, direct.task?.contextId], [contextId, contextId]);
    const [routed, own] = setting.contexts.slice(-2);
    assert.equal(routed, own);
    assert.notEqual(routed, contextId);
  });

  it('ROUTE-7 refuses what fits nothing, and keeps nothing of it', async () => {
    const rows = await setting.everyRow();
    const heard = setting.heard.length;
    assert.equal(await refusal([{ text: 'zzyzx quux' }]), 'router.nothing-fits');
    assert.equal(await refusal([{ text: 'the' }]), 'router.nothing-fits');
    assert.equal(await refusal([{ data: [1, 2] }]), 'router.nothing-fits');
    assert.equal(await refusal([{ text: 'weather' }], skill('no-such-skill')), 'router.nothing-fits');
    assert.equal(await setting.everyRow(), rows);
    assert.equal(setting.heard.length, heard);
  });

  it('ROUTE-7 chooses only among the agents that its caller may use, and shows the tasks of no other', async () => {
    const limited = await setting.platform.createClient(setting.tenant.slug, 'limited', ['a2a:send', 'a2a:read']);
    const grant = { principal: limited.clientId, role: 'caller', agent: 'weather-b' };
    await setting.tenant.client.admin.createGrant({ body: grant });
    const token = await limited.token();
    const own = await sent([{ text: 'weather in Rome' }], {}, token);
    const { agent, router } = await kept(own);
    assert.deepEqual([agent, router.considered.length], ['weather-b', 1]);
    assert.equal(await refusal([{ data: { amount: 5, currency: 'CHF' } }], {}, token), 'router.nothing-fits');
    assert.equal(await refusal([{ text: 'x' }], skill('invoice'), token), 'router.nothing-fits');
    const foreign = await sent([{ text: 'weather in Oslo' }]);
    const found = await rpc('GetTask', { id: foreign.id }, token);
    assert.deepEqual(found.error?.data[0]?.reason, 'TASK_NOT_FOUND');
    assert.deepEqual(
      (await limited.router().listTasks()).tasks.map(({ id }) => id),
      [own.id],
    );
  });

  it('passes by an agent that takes nothing now, and says so', async () => {
    await setting.admit('weather-g', 'quarantined');
    try {
      const told = await kept(await sent([{ text: 'weather in Lima' }]));
      assert.equal(told.agent, 'weather-b');
      assert.deepEqual(
        told.router.considered.slice(0, 2).map((one) => [one.agent, one.verdict]),
        [
          ['weather-g', 'routing.no-instance'],
          ['weather-b', 'won'],
        ],
      );
      await setting.admit('weather-b', 'quarantined');
      assert.equal(await refusal([{ text: 'weather in Quito' }], skill('forecast')), 'routing.no-instance');
    } finally {
      await setting.admit('weather-g', 'active');
      await setting.admit('weather-b', 'active');
    }
    const again = await kept(await sent([{ text: 'weather in Lima' }]));
    assert.equal(again.agent, 'weather-g');
  });

  it('ROUTE-8 knows a repeated message, also when another agent would be chosen by now', async () => {
    const once = message([{ text: 'weather in Paris' }]);
    const first = (await rpc('SendMessage', once)).result?.task;
    await setting.admit('weather-g', 'quarantined');
    const heard = setting.heard.length;
    const again = (await rpc('SendMessage', once)).result?.task;
    assert.deepEqual(again, first);
    assert.equal(setting.heard.length, heard);
    await setting.admit('weather-g', 'active');
  });

  it('ROUTE-8 judges the push config of a repeated message as that of a new one, and stores a good one once', async () => {
    const once = message([{ text: 'weather in Nice' }]);
    const first = (await rpc('SendMessage', once)).result?.task;
    assert.ok(first !== undefined);
    const repeat = (config: object) =>
      rpc('SendMessage', { ...once, configuration: { taskPushNotificationConfig: config } });
    const url = 'http://127.0.0.1:1/hook';
    const other = await sent([{ text: 'weather in Lyon' }]);
    const rows = await setting.everyRow();
    for (const [config, reason] of [
      [{ url: 'http://169.254.169.254/latest' }, 'egress.refused'],
      [{ url: 'x' }, 'egress.refused'],
      [{ url, taskId: other.id }, 'request.invalid'],
      [{ url, token: 'a\nb' }, 'request.invalid'],
    ] as const)
      assert.equal((await repeat(config)).error?.data[0]?.reason, reason, JSON.stringify(config));
    assert.equal(await setting.everyRow(), rows, 'a refused config leaves nothing');
    for (const config of [{ url }, { url }]) assert.deepEqual((await repeat(config)).result?.task, first);
    const listed = (await rpc('ListTaskPushNotificationConfigs', { taskId: first.id })) as object;
    assert.deepEqual((listed as { result: { configs: { url: string }[] } }).result.configs.length, 1);
  });

  it('ROUTE-8 stores no push config of a repeated message at an agent that its caller has lost', async () => {
    const limited = await setting.platform.createClient(setting.tenant.slug, 'leaving', ['a2a:send', 'a2a:read']);
    const { admin } = setting.tenant.client;
    const body = { principal: limited.clientId, role: 'caller', agent: 'weather-b' };
    const grant = await admin.createGrant({ body });
    await admin.createGrant({ body: { ...body, agent: 'billing' } });
    const once = message([{ text: 'weather in Metz' }]);
    const token = await limited.token();
    const id = (await rpc('SendMessage', once, token)).result?.task.id;
    await admin.removeGrant({ grant: grant.grantId });
    await eventually('the right is gone', async () => (await rpc('GetTask', { id }, token)).error !== undefined);
    const configuration = { taskPushNotificationConfig: { url: 'http://127.0.0.1:1/hook' } };
    const rows = await setting.everyRow();
    const again = await rpc('SendMessage', { ...once, configuration }, token);
    assert.equal(again.error?.data[0]?.reason, 'registry.agent-unknown');
    assert.equal(await setting.everyRow(), rows);
  });

  it('judges the push config of a further message to a task by its name', async () => {
    const tell = async (text: string, more: object = {}) => {
      const params = { id: 'told-by-name', message: { role: 'user', parts: [{ type: 'text', text }] }, ...more };
      const told = await setting.fetch(setting.routerPath, {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tasks/send', params }),
      });
      return told.text();
    };
    assert.match(await tell('ask about the weather'), /"state":"input-required"/);
    const refused = await tell('Nice', { pushNotification: { url: 'http://169.254.169.254/latest' } });
    assert.match(refused, /"error"/);
    assert.ok(!setting.heard.some((one) => one.endsWith(': Nice') && one.includes('told')), 'nothing was told');
    assert.match(await tell('Nice', { pushNotification: { url: 'http://127.0.0.1:1/hook' } }), /"state":"completed"/);
  });

  it('serves its tasks over the client of the SDK: streams, turns, lists and cancels', async () => {
    const router = client.router();
    const states: string[] = [];
    for await (const event of router.stream('weather in Cairo'))
      states.push(event.statusUpdate?.status.state ?? event.task?.status.state ?? 'other');
    assert.equal(states.at(-1), 'TASK_STATE_COMPLETED');
    const { task: asking } = await router.send('ask about the weather');
    assert.equal(asking?.status.state, 'TASK_STATE_INPUT_REQUIRED');
    assert.ok(asking !== undefined);
    const listed = await router.listTasks({ pageSize: 2 });
    assert.deepEqual([listed.tasks[0]?.id, listed.tasks.length], [asking.id, 2]);
    assert.ok(listed.nextPageToken !== '' && (listed.totalSize ?? 0) > 2);
    const more = await router.listTasks({ pageSize: 2, pageToken: listed.nextPageToken });
    assert.ok(more.tasks.every(({ id }) => listed.tasks.every((one) => one.id !== id)));
    const { task: done } = await router.send({ parts: [{ text: 'Nice' }] }, { taskId: asking.id });
    assert.deepEqual([done?.id, done?.status.state], [asking.id, 'TASK_STATE_COMPLETED']);
    const { task: other } = await router.send('ask about the weather');
    assert.ok(other !== undefined);
    assert.equal((await router.cancelTask(other.id)).status.state, 'TASK_STATE_CANCELED');
    const direct = await client.agent('weather-g').send('straight');
    assert.ok(direct.task !== undefined);
    await assert.rejects(router.getTask(direct.task.id), { code: 'task.unknown' });
  });

  it('is an address of every binding and version, with a card of its own', async () => {
    const { platform, token, routerPath: path, tenant } = setting;
    const read = await fetch(`${platform.url}${path}/.well-known/agent-card.json`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const card = (await read.json()) as {
      supportedInterfaces: { url: string; tenant?: string }[];
      signatures: object[];
    };
    assert.ok(card.signatures.length > 0);
    const atRouter = card.supportedInterfaces.filter(({ url }) => url.endsWith(path));
    assert.equal(atRouter.length, card.supportedInterfaces.length - 1);
    const tag = card.supportedInterfaces.find((one) => one.tenant !== undefined)?.tenant ?? '';
    assert.equal(tag, `${tenant.slug}/~router`);
    const unauthenticated = await fetch(`${platform.url}${path}/.well-known/agent-card.json`);
    assert.equal(unauthenticated.status, 401);
    const other = await platform.createTenant('router-other');
    const foreign = await setting.fetch(`${path}/.well-known/agent-card.json`, {
      token: await setting.tokenFor(other),
    });
    assert.equal(foreign.status, 404);

    const overRest = await setting.fetch(`${path}/message:send`, {
      method: 'POST',
      headers: { ...json, ...version },
      body: JSON.stringify(message([{ text: 'weather over REST' }])),
    });
    assert.equal(overRest.status, 200);
    const overGrpc = await setting.call('SendMessage', 'SendMessageRequest', {
      tenant: tag,
      ...message([{ text: 'weather over gRPC' }]),
    });
    assert.equal(overGrpc.code, 0, overGrpc.message);
    const overV03 = await setting.fetch(path, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'message/send',
        params: {
          message: { kind: 'message', messageId: 'm3', role: 'user', parts: [{ kind: 'text', text: 'weather' }] },
        },
      }),
    });
    assert.match(await overV03.text(), /"state":"completed"/);
    for (const method of ['tasks/send', 'tasks/get']) {
      const told = await setting.fetch(path, {
        method: 'POST',
        headers: json,
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method,
          params: { id: 'my-name', message: { role: 'user', parts: [{ type: 'text', text: 'weather by name' }] } },
        }),
      });
      assert.match(await told.text(), /"id":"my-name".*"state":"completed"/, method);
    }
    const spelt = await setting.fetch(`/t/${tenant.slug}/agents/~router/.well-known/agent-card.json`);
    assert.equal(spelt.status, 404);
    const heard = ['REST', 'gRPC', 'by name'].map((word) => setting.heard.filter((one) => one.endsWith(word)).length);
    assert.deepEqual(heard, [1, 1, 1]);
  });
});
