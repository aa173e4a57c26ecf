/**
 * Guarantee: over every binding a caller that requests the cost extension is told what its task reserves, settles and releases, as the ledger has
 * it; a caller that does not sees A2A as it is. Spec: docs/specs/credits.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import { costUri } from '../src/modules/registry/index.ts';
import { say } from './a2a-setting.ts';
import type { WireAnswer } from './a2a-setting.ts';
import { read, startGrpcSetting, words } from './grpc-setting.ts';
import type { GrpcSetting } from './grpc-setting.ts';
import { streamBindings } from './stream-readers.ts';
import type { StreamBinding, StreamRead } from './stream-readers.ts';

type Shown = { readonly metadata?: Readonly<Record<string, unknown>> } | undefined;

const atRecording = {
  reserved: '0.000005',
  settled: '0',
  released: '0',
  reservedMicrocredits: 5,
  settledMicrocredits: 0,
  releasedMicrocredits: 0,
};
const completed = { ...atRecording, settled: '0.000005', settledMicrocredits: 5 };
const canceled = { ...atRecording, released: '0.000005', releasedMicrocredits: 5 };

/** The costs in a JSON text, in their order. */
const costsIn = (text: string): readonly unknown[] =>
  Array.from(
    text.matchAll(/"urn:colloquy:extension:cost:v1":(\{.*?\})/g),
    ([, cost = '']) => JSON.parse(cost) as unknown,
  );
const taskIdIn = (text: string): string => /tsk_[0-9a-f]{32}/.exec(text)?.[0] ?? 'none';
const costOf = (shown: Shown): unknown => shown?.metadata?.[costUri];

describe('the cost of a task', () => {
  let setting: GrpcSetting;
  before(async () => void (setting = await startGrpcSetting()));
  after(() => setting[Symbol.asyncDispose]());

  for (const binding of streamBindings(() => setting)) describe(`over ${binding.name}`, () => testStream(binding));

  function testStream(binding: StreamBinding): void {
    const asking = { [binding.extensionsField]: `https://example.com/other/v1, ${costUri}` };

    async function stream(text: string, headers: Readonly<Record<string, string>>): Promise<StreamRead> {
      const opened = await binding.open({ operation: 'SendStreamingMessage', request: say(text), headers });
      assert.ok(opened.kind === 'stream', JSON.stringify(opened));
      return opened;
    }

    it('CREDIT-59 is in the first and the last event of a stream, and unasked in none', async () => {
      const asked = await stream('words', asking);
      await asked.over;
      assert.equal(asked.extensions, costUri);
      assert.ok(asked.events.length >= 3);
      assert.deepEqual(
        asked.events.map((event) => costsIn(event)),
        asked.events.map((_, at) => (at === 0 ? [atRecording] : at === asked.events.length - 1 ? [completed] : [])),
      );
      const unasked = await stream('words', { [binding.extensionsField]: 'https://example.com/other/v1' });
      await unasked.over;
      assert.deepEqual([unasked.extensions, unasked.events.length], [undefined, asked.events.length]);
      assert.doesNotMatch(unasked.events.join(), /extension:cost/);
    });

    it('is in the snapshot of a subscription, and a cancel shows what is released', async () => {
      const begun = await stream(`hold for ${binding.name}`, {});
      await eventually('the agent is at work', () => begun.events.length === 2);
      const id = taskIdIn(begun.events.join());
      const watched = await binding.open({ operation: 'SubscribeToTask', request: { id }, headers: asking });
      assert.ok(watched.kind === 'stream');
      await eventually('the snapshot', () => watched.events.length === 1);
      const answer = await setting.rpc('CancelTask', { id }, { headers: { 'a2a-extensions': costUri } });
      assert.deepEqual(costsIn(answer.text), [canceled]);
      await Promise.all([watched.over, begun.over]);
      assert.deepEqual(
        [costsIn(watched.events[0] ?? ''), costsIn(watched.events.at(-1) ?? '')],
        [[atRecording], [canceled]],
      );
      assert.doesNotMatch(begun.events.join(), /extension:cost/);
    });
  }

  const headers = { 'a2a-extensions': costUri };
  const activeOf = (answer: WireAnswer): string | null => answer.headers.get('a2a-extensions');

  it('is in the answers of JSON-RPC and HTTP+JSON, also to an agent’s direct answer, and unasked in none', async () => {
    for (const call of [
      (more: object) => setting.rpc('SendMessage', say('words'), more),
      (more: object) => setting.rpc('SendMessage', say('reply'), more),
      (more: object) => setting.rest('POST', '/message:send', say('words'), more),
    ]) {
      const [asked, unasked] = [await call({ headers }), await call({})];
      assert.deepEqual([costsIn(asked.text), activeOf(asked)], [[completed], costUri]);
      assert.deepEqual([costsIn(unasked.text), activeOf(unasked)], [[], null]);
    }
    const sent = await setting.rpc('SendMessage', say('words'));
    const id = taskIdIn(sent.text);
    for (const found of [
      await setting.rpc('GetTask', { id }, { headers }),
      await setting.rest('GET', `/tasks/${id}`, undefined, { headers }),
      await setting.rpc('ListTasks', { pageSize: 1 }, { headers }),
      await setting.rest('GET', `/tasks?pageSize=1`, undefined, { headers }),
    ])
      assert.deepEqual([costsIn(found.text), activeOf(found)], [[completed], costUri]);
    const plain = await setting.rpc('GetTask', { id });
    assert.deepEqual([costsIn(plain.text), activeOf(plain)], [[], null]);
    const earlier = { method: 'tasks/get', headers: { 'x-a2a-extensions': costUri, 'a2a-version': '0.3' } };
    const old = await setting.rpc(earlier.method, { id }, { headers: earlier.headers });
    assert.deepEqual([costsIn(old.text), old.headers.get('x-a2a-extensions')], [[completed], costUri]);
  });

  it('is in the answers of gRPC, and unasked in none', async () => {
    const asked = await setting.call(
      'SendMessage',
      'SendMessageRequest',
      { tenant: setting.tag, ...words('words') },
      { headers },
    );
    const { task } = read('SendMessageResponse', asked.messages[0]) as { task: Shown & { id: string } };
    assert.deepEqual(costOf(task), completed);
    const get = (more: object) => setting.call('GetTask', 'GetTaskRequest', { tenant: setting.tag, id: task.id }, more);
    const [found, plain] = [await get({ headers }), await get({})];
    assert.deepEqual(costOf(read('Task', found.messages[0]) as Shown), completed);
    assert.equal(costOf(read('Task', plain.messages[0]) as Shown), undefined);
  });

  it('is declared on the card', async () => {
    const card = await setting.fetch(`${setting.path}/.well-known/agent-card.json`);
    assert.match(await card.text(), new RegExp(`"uri":"${costUri}"`));
  });
});
