import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Binding, Reply } from '../bindings/binding.ts';
import { assertFailure, violatedFields } from '../bindings/wire-errors.ts';
import type { WireErrorName } from '../bindings/wire-errors.ts';
import { scenario } from '../run/scenario.ts';
import { completed, resultOf, say, taskOf } from './wire-objects.ts';

/** One way to bring about each error that a caller can. */
async function failures(binding: Binding): Promise<readonly (readonly [WireErrorName, Reply])[]> {
  const { id } = await completed(binding);
  const unsupported = await binding.open('SubscribeToTask', { id });
  assert.ok(unsupported.refusal);
  return [
    ['TaskNotFound', await binding.call('GetTask', { id: randomUUID() })],
    ['TaskNotCancelable', await binding.call('CancelTask', { id })],
    ['UnsupportedOperation', unsupported.refusal],
    ['VersionNotSupported', await binding.call('GetTask', { id }, { version: '99.0' })],
    ['InvalidParams', await binding.call('ListTasks', { pageSize: 1000 })],
  ];
}

/** Messages that no agent may see, with the field that is wrong. */
const broken: readonly (readonly [field: RegExp, message: object])[] = [
  [/messageId/, { messageId: '' }],
  [/parts/, { parts: [] }],
  [/parts/, { parts: [{}] }],
  [/role/, { role: 'ROLE_UNSPECIFIED' }],
];

/** Sections 3.3.2, 3.6, 5.4 and 5.7: errors, versions, fields. */
export const errorScenarios = [
  scenario(
    'each error has the code of its binding, words, and details of known types',
    [
      'CODES-1',
      'ERROR-1',
      'ERROR-2',
      'ERROR-16',
      'ERROR-17',
      'ERROR-18',
      'ERROR-19',
      'EQUAL-1',
      'RPC-8',
      'RPC-9',
    ].concat(['REST-10', 'REST-11', 'REST-12', 'GRPC-7']),
    async ({ binding }) => {
      for (const [name, reply] of await failures(binding)) {
        assertFailure(binding.name, reply, name);
        assert.match(reply.failure?.message ?? '', /\w+ \w+/);
        for (const detail of reply.failure?.details ?? [])
          assert.match(String(detail['@type']), /^type\.googleapis\.com\/google\.rpc\./);
      }
    },
  ),
  scenario(
    'a message that lacks something is refused with the field, and reaches no agent',
    ['ERROR-9', 'ERROR-10', 'ERROR-11', 'FIELDS-2', 'BEST-5', 'MEDIA-2'],
    async ({ binding, agent }) => {
      for (const [field, wrong] of broken) {
        const metadata = { probe: randomUUID() };
        const { message } = say('echo', { metadata });
        const heardBefore = agent.heard.length;
        const reply = await binding.call('SendMessage', { message: { ...message, ...wrong } });
        assertFailure(binding.name, reply, 'InvalidParams');
        assert.match(violatedFields(reply).join(), field);
        const heard = agent.heard.slice(heardBefore).map(({ params }) => JSON.stringify(params.message?.metadata));
        assert.ok(!heard.includes(JSON.stringify(metadata)));
      }
    },
  ),
  scenario(
    'a part has one content',
    ['FIELDS-5'],
    async ({ binding }) => {
      const reply = await binding.call(
        'SendMessage',
        say('echo', { parts: [{ text: 'x', url: 'https://example.com' }] }),
      );
      assertFailure(binding.name, reply, 'InvalidParams');
    },
    { on: ['JSONRPC', 'HTTP+JSON'] },
  ),
  scenario(
    'unknown fields are passed over',
    ['FIELDS-4'],
    async ({ binding }) => {
      const reply = await binding.call('SendMessage', say('echo', { novelty: 1 }, { later: { version: 2 } }));
      assert.equal(taskOf(reply).status.state, 'TASK_STATE_COMPLETED');
      assert.ok(!JSON.stringify(reply.result).includes('novelty'));
    },
    { on: ['JSONRPC', 'HTTP+JSON'] },
  ),
  scenario('too much is refused', ['BEST-6'], async ({ binding, agent }) => {
    const request = say('echo', { parts: Array.from({ length: 1001 }, () => ({ text: 'x' })) });
    const reply = await binding.call('SendMessage', request);
    assertFailure(binding.name, reply, 'InvalidParams');
    assert.ok(!agent.heard.some(({ params }) => params.message?.messageId === request.message.messageId));
  }),
  scenario(
    'a version is major and minor; a patch makes no difference',
    ['VERSION-1', 'VERSION-2', 'VERSION-4', 'HEADER-1'],
    async ({ binding }) => {
      for (const version of ['1.0', '1.0.7']) {
        assert.equal(
          taskOf(await binding.call('SendMessage', say('echo'), { version })).status.state,
          'TASK_STATE_COMPLETED',
        );
      }
      const refusal = await binding.call('ListTasks', {}, { version: '99.0' });
      assert.doesNotMatch(JSON.stringify(refusal.failure), /\d+\.\d+\.\d+/);
    },
  ),
  scenario(
    'a version that is not spoken is refused',
    ['VERSION-5', 'RPC-3', 'RPC-4', 'REST-2', 'REST-3', 'GRPC-2', 'GRPC-3', 'GRPC-5', 'GRPC-6'],
    async ({ binding, agent }) => {
      const request = say('echo');
      for (const version of ['99.0', '0.9', 'latest']) {
        assertFailure(binding.name, await binding.call('SendMessage', request, { version }), 'VersionNotSupported');
      }
      assert.ok(!agent.heard.some(({ params }) => params.message?.messageId === request.message.messageId));
    },
  ),
  scenario('no version is not taken for the newest', ['VERSION-6', 'VERSION-4'], async ({ binding, agent }) => {
    const request = say('echo');
    for (const version of [null, '']) {
      const reply = await binding.call('SendMessage', request, { version });
      assert.ok(reply.failure, 'a call of 1.0 without its version is no call of 0.3');
    }
    assert.ok(!agent.heard.some(({ params }) => params.message?.messageId === request.message.messageId));
  }),
  scenario(
    'the version may stand in the query',
    ['VERSION-7'],
    async ({ stage, binding }) => {
      const { id } = await completed(binding);
      const base = `/t/${stage.tenant.slug}/agents/harness`;
      const headers = { 'content-type': 'application/json', 'a2a-version': '' };
      const rpc = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id } });
      const response = await (binding.name === 'JSONRPC'
        ? fetch(`${stage.platform.url}${base}?A2A-Version=1.0`, {
            method: 'POST',
            headers: { ...headers, authorization: `Bearer ${stage.tokens.own}` },
            body: rpc,
          })
        : fetch(`${stage.platform.url}${base}/tasks/${id}?A2A-Version=1.0`, {
            headers: { authorization: `Bearer ${stage.tokens.own}` },
          }));
      assert.match(await response.text(), new RegExp(`"id":"${id}"`));
    },
    { on: ['JSONRPC', 'HTTP+JSON'] },
  ),
  scenario('unknown extensions are ignored', ['EXTENSION-3', 'RPC-5', 'REST-4', 'GRPC-4'], async ({ binding }) => {
    const parameters = { 'a2a-extensions': 'https://example.com/a/v1,https://example.com/b/v2' };
    const task = taskOf(await binding.call('SendMessage', say('echo'), { parameters }));
    assert.equal(task.status.state, 'TASK_STATE_COMPLETED');
  }),
  scenario('all bindings show the same task', ['MODEL-1', 'EQUAL-1', 'ERROR-19'], async ({ binding, bindings }) => {
    const { id } = taskOf(await binding.call('SendMessage', say('tck-artifact-data')));
    const seen = await Promise.all(bindings.map(async (each) => resultOf(await each.call('GetTask', { id }))));
    assert.ok(seen.length > 1);
    for (const task of seen) assert.deepEqual(task, seen[0]);
  }),
];
