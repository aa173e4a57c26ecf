/**
 * Guarantee: the owner of a task registers webhooks for it, over both bindings, and reads them back without their secrets; no other client
 * else sees or changes it, bad input changes nothing, and there are never more configs than may be.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Task, TaskPushNotificationConfig } from '@colloquy/protocol';
import { eventually } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { say, startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting, WireAnswer } from './a2a-setting.ts';
import { gistOf, startReceiver } from './webhook-receiver.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

interface RpcAnswer<Result> {
  readonly result: Result;
  readonly error?: { readonly code: number; readonly data: readonly { readonly reason?: string }[] };
}

const secrets = { token: 'token-of-the-receiver', authentication: { scheme: 'Bearer', credentials: 'bearer-secret' } };

describe('push notification configs', () => {
  let setting: A2aSetting;
  let receiver: WebhookReceiver;
  let ended: Task;

  before(async () => {
    setting = await startA2aSetting({
      env: { COLLOQUY_PUSH_CHALLENGE: 'on', COLLOQUY_PUSH_RETRY_MS: '20', COLLOQUY_PUSH_ANSWER_MS: '200' },
    });
    receiver = await startReceiver();
    ended = await sendTask('go');
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  const resultOf = <Result>(answer: WireAnswer): Result => (answer.json as RpcAnswer<Result>).result;
  const reasonsOf = (answer: WireAnswer): readonly string[] =>
    ((answer.json as RpcAnswer<unknown>).error?.data ?? []).flatMap(({ reason }) => reason ?? []);
  const sendTask = async (words: string, configuration: object = {}): Promise<Task> =>
    resultOf<{ task: Task }>(await setting.rpc('SendMessage', { ...say(words), configuration })).task;
  const create = (params: object): Promise<WireAnswer> => setting.rpc('CreateTaskPushNotificationConfig', params);
  const url = (path: string): string => receiver.url + path;

  it('are made, read, listed and deleted over JSON-RPC', async () => {
    const params = { taskId: ended.id, url: url('/rpc'), ...secrets };
    const made = resultOf<TaskPushNotificationConfig>(await create(params));
    const expected = { id: made.id, taskId: ended.id, url: url('/rpc'), authentication: { scheme: 'Bearer' } };
    assert.match(made.id ?? '', /^psh_[0-9a-f]{32}$/);
    assert.deepEqual(made, expected);
    const named = { taskId: ended.id, id: made.id };
    assert.deepEqual(resultOf(await setting.rpc('GetTaskPushNotificationConfig', named)), expected);
    const listed = await setting.rpc('ListTaskPushNotificationConfigs', { taskId: ended.id });
    assert.deepEqual(resultOf(listed), { configs: [expected], nextPageToken: '' });
    assert.deepEqual(resultOf(await setting.rpc('DeleteTaskPushNotificationConfig', named)), {});
    assert.deepEqual(resultOf(await setting.rpc('DeleteTaskPushNotificationConfig', named)), {});
    const gone = await setting.rpc('GetTaskPushNotificationConfig', named);
    assert.deepEqual(reasonsOf(gone), ['TASK_NOT_FOUND', 'push.config-unknown']);
  });

  it('are made, read, listed and deleted over HTTP+JSON', async () => {
    const below = `/tasks/${ended.id}/pushNotificationConfigs`;
    const made = (await setting.rest('POST', below, { id: 'mine', url: url('/rest'), ...secrets }))
      .json as TaskPushNotificationConfig;
    const expected = { id: 'mine', taskId: ended.id, url: url('/rest'), authentication: { scheme: 'Bearer' } };
    assert.deepEqual(made, expected);
    assert.deepEqual((await setting.rest('GET', `${below}/mine`)).json, expected);
    assert.deepEqual((await setting.rest('GET', below)).json, { configs: [expected], nextPageToken: '' });
    assert.equal((await setting.rest('DELETE', `${below}/mine`)).status, 200);
    assert.equal((await setting.rest('DELETE', `${below}/mine`)).status, 200);
    assert.equal((await setting.rest('GET', `${below}/mine`)).status, 404);
  });

  it('take the place of one of the same id, and are as many as may be, in pages', async () => {
    for (let n = 0; n < limits.pushSubscriptionsPerTaskMax; n += 1)
      assert.equal((await create({ taskId: ended.id, id: `c${n}`, url: url(`/${n}`) })).status, 200);
    assert.deepEqual(reasonsOf(await create({ taskId: ended.id, url: url('/more') })), ['push.limit']);
    const again = await create({ taskId: ended.id, id: 'c3', url: url('/other') });
    assert.equal(resultOf<TaskPushNotificationConfig>(again).url, url('/other'));
    const ids: (string | undefined)[] = [];
    let pageToken = '';
    do {
      const page = resultOf<{ configs: TaskPushNotificationConfig[]; nextPageToken: string }>(
        await setting.rpc('ListTaskPushNotificationConfigs', { taskId: ended.id, pageSize: 4, pageToken }),
      );
      ids.push(...page.configs.map(({ id }) => id));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    assert.deepEqual(
      ids,
      Array.from({ length: limits.pushSubscriptionsPerTaskMax }, (_, n) => `c${n}`),
    );
    const forged = await setting.rpc('ListTaskPushNotificationConfigs', { taskId: ended.id, pageToken: 'forged' });
    assert.deepEqual(reasonsOf(forged), ['task.page-token-invalid']);
  });

  it('are refused when they can not be used, and then nothing is stored', async () => {
    const task = await sendTask('ask');
    const refused: readonly (readonly [string, object, string])[] = [
      ['no address', {}, 'request.invalid'],
      ['a private address', { url: 'http://10.0.0.1/' }, 'egress.refused'],
      ['the metadata service', { url: 'http://169.254.169.254/latest' }, 'egress.refused'],
      ['this platform', { url: `${setting.platform.url}/hook` }, 'egress.refused'],
      ['user information', { url: 'http://someone:hunter2@127.0.0.1:1/' }, 'egress.refused'],
      ['another scheme', { url: 'file:///etc/passwd' }, 'egress.refused'],
      ['an endless address', { url: `http://127.0.0.1:1/${'x'.repeat(2_100)}` }, 'egress.refused'],
      ['an endless id', { url: url('/x'), id: 'x'.repeat(257) }, 'request.invalid'],
      ['a token of two lines', { url: url('/x'), token: 'a\nb' }, 'request.invalid'],
      ['an endless token', { url: url('/x'), token: 'x'.repeat(4_097) }, 'request.invalid'],
      ['no scheme', { url: url('/x'), authentication: { credentials: 'x' } }, 'request.invalid'],
      ['a scheme of two words', { url: url('/x'), authentication: { scheme: 'a b' } }, 'request.invalid'],
      [
        'basic credentials that are not encoded',
        { url: url('/x'), authentication: { scheme: 'basic', credentials: 'someone:hunter2' } },
        'request.invalid',
      ],
    ];
    for (const [what, config, reason] of refused) {
      const answer = await create({ taskId: task.id, ...config });
      assert.deepEqual(reasonsOf(answer), [reason], what);
      assert.doesNotMatch(answer.text, /hunter2/);
    }
    const listed = await setting.rpc('ListTaskPushNotificationConfigs', { taskId: task.id });
    assert.deepEqual(resultOf(listed), { configs: [], nextPageToken: '' });
  });

  it('exist for their owner alone: another tenant and a colleague get not found', async () => {
    const { id } = resultOf<TaskPushNotificationConfig>(await create({ taskId: ended.id, id: 'c1', url: url('/1') }));
    const outsider = await setting.platform.createTenant('push-outsider');
    const admin = setting.platform.operator.admin.forTenant(setting.tenant.slug);
    const colleague = await admin.createClient({ body: { name: 'push-colleague', scopes: ['a2a:send', 'a2a:read'] } });
    const named = { taskId: ended.id, id };
    const calls: readonly (readonly [string, object])[] = [
      ['CreateTaskPushNotificationConfig', { ...named, url: url('/stolen') }],
      ['GetTaskPushNotificationConfig', named],
      ['ListTaskPushNotificationConfigs', { taskId: ended.id }],
      ['DeleteTaskPushNotificationConfig', named],
    ];
    for (const client of [outsider, colleague]) {
      const token = await setting.tokenFor(client);
      for (const [method, params] of calls) {
        const answer = await setting.rpc(method, params, { token });
        assert.match(answer.text, /TASK_NOT_FOUND|registry\.agent-unknown/);
        assert.doesNotMatch(answer.text, new RegExp(receiver.url));
      }
    }
    const kept = resultOf<TaskPushNotificationConfig>(await setting.rpc('GetTaskPushNotificationConfig', named));
    assert.equal(kept.url, url('/1'));
    assert.deepEqual(receiver.at('/stolen'), []);
  });

  it('are told nothing before they have answered the challenge, where one is asked for', async () => {
    let isWilling = false;
    receiver.answer = ({ method, path }) => {
      if (method === 'POST') return 200;
      const { pathname, searchParams } = new URL(path, receiver.url);
      return isWilling && pathname === '/hook' ? (searchParams.get('validationToken') ?? '') : 'something else';
    };
    const inline = (path: string): object => ({ taskPushNotificationConfig: { url: url(path) } });
    const refusing = await sendTask('go', inline('/refusing'));
    const api = `/api/v1/tenants/${setting.tenant.slug}/deliveries`;
    const dead = await eventually('the challenge is dead-lettered', async () => {
      const answer = await setting.call(`${api}?task=${refusing.id}&state=dead`);
      return (answer.json as { items: { lastReason: string }[] }).items[0];
    });
    assert.equal(dead.lastReason, 'challenge-failed');
    assert.deepEqual(receiver.at('/refusing'), []);
    isWilling = true;
    await sendTask('go', inline('/hook'));
    await eventually('the notifications', () => receiver.at('/hook').length === 3);
    assert.deepEqual(receiver.at('/hook').map(gistOf), ['task submitted', 'artifact', 'status completed']);
    assert.equal(receiver.calls.filter(({ method, path }) => method === 'GET' && path.startsWith('/hook')).length, 1);
  });
});
