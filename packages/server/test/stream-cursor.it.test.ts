/**
 * Guarantee: over every binding a reader who asks for cursors goes on after any of them without gap or repeat, also when the task
 * has ended, and a reader who does not ask sees A2A as it is. Spec: docs/specs/stream-resumption.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import { streamCursorUri } from '../src/modules/registry/index.ts';
import { say } from './a2a-setting.ts';
import { startGrpcSetting } from './grpc-setting.ts';
import type { GrpcSetting } from './grpc-setting.ts';
import { streamBindings } from './stream-readers.ts';
import type { StreamAsked, StreamBinding, StreamRead } from './stream-readers.ts';

const cursorsOf = (events: readonly string[]): readonly string[] =>
  events.map((event) => new RegExp(`"${streamCursorUri}":\\{"cursor":"(\\d+)"\\}`).exec(event)?.[1] ?? 'none');
const taskIdIn = (events: readonly string[]): string => /tsk_[0-9a-f]{32}/.exec(events[0] ?? '')?.[0] ?? 'none';
const count = (length: number): readonly string[] => Array.from({ length }, (_, at) => String(at + 1));

describe('the cursor of a stream', () => {
  let setting: GrpcSetting;
  before(async () => {
    setting = await startGrpcSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  for (const binding of streamBindings(() => setting)) {
    describe(`over ${binding.name}`, () => testBinding(binding));
  }

  function testBinding(binding: StreamBinding): void {
    const asking = { [binding.extensionsField]: `https://example.com/other/v1, ${streamCursorUri}` };
    const after = (cursor: string) => ({ ...asking, 'last-event-id': cursor });

    async function open(asked: StreamAsked): Promise<StreamRead> {
      const read = await binding.open(asked);
      assert.ok(read.kind === 'stream', JSON.stringify(read));
      return read;
    }
    async function refusal(id: string, headers: Readonly<Record<string, string>>, as?: StreamAsked['as']) {
      const operation = 'SubscribeToTask';
      const read = await binding.open({ operation, request: { id }, headers, ...(as === undefined ? {} : { as }) });
      assert.ok(read.kind === 'refusal', `a stream, and no refusal of ${JSON.stringify(headers)}`);
      return read.text;
    }
    const send = (words: string, headers = {}): Promise<StreamRead> =>
      open({ operation: 'SendStreamingMessage', request: say(words), headers });
    const subscribe = (id: string, headers = {}): Promise<StreamRead> =>
      open({ operation: 'SubscribeToTask', request: { id }, headers });

    /** The log of a new task that has ended, as this binding tells it. */
    async function endedTask(): Promise<{ readonly id: string; readonly events: readonly string[] }> {
      const { events, over } = await send('all of it', asking);
      await over;
      assert.ok(events.length >= 3);
      return { id: taskIdIn(events), events };
    }

    it('STREAM-14 is in the metadata of each event, and the answer says so; unasked, nothing is added', async () => {
      const asked = await send('words', asking);
      await asked.over;
      assert.equal(asked.extensions, streamCursorUri);
      assert.deepEqual(cursorsOf(asked.events), count(asked.events.length));
      if (asked.ids.length > 0) assert.deepEqual(asked.ids, cursorsOf(asked.events));
      const unasked = await send('words', { [binding.extensionsField]: 'https://example.com/other/v1' });
      await unasked.over;
      assert.equal(unasked.extensions, undefined);
      assert.equal(unasked.events.length, asked.events.length);
      assert.doesNotMatch(unasked.events.join(), /metadata|colloquy/);
    });

    it('STREAM-14 goes on where a cut reader was, without gap or repeat, also from a snapshot', async () => {
      const words = `hold for ${binding.name}`;
      const first = await send(words, asking);
      await eventually('the agent is at work', () => first.events.length === 2);
      first.leave();
      await first.over;
      const id = taskIdIn(first.events);
      const snapshot = await subscribe(id, asking);
      await eventually('the snapshot', () => snapshot.events.length === 1);
      snapshot.leave();
      await snapshot.over;
      assert.deepEqual(cursorsOf(snapshot.events), ['2']);

      const [fromCut, fromFirst] = [await subscribe(id, after('2')), await subscribe(id, after('1'))];
      setting.agent.release();
      await Promise.all([fromCut.over, fromFirst.over]);

      const seen = [...first.events, ...fromCut.events];
      assert.deepEqual(cursorsOf(seen), count(seen.length));
      assert.deepEqual(fromFirst.events, seen.slice(1));
      assert.match(seen.at(-1) ?? '', /completed/i);
      assert.equal(setting.agent.heard.filter((heard) => heard === words).length, 1);
    });

    it('STREAM-14 shows the rest of a task that has ended, and ends; unasked, the task is over', async () => {
      const { id, events } = await endedTask();
      for (let at = 0; at <= events.length; at += 1) {
        const replay = await subscribe(id, after(String(at)));
        await replay.over;
        assert.deepEqual(replay.events, events.slice(at));
        assert.equal(replay.extensions, streamCursorUri);
      }
      for (const headers of [{}, { 'last-event-id': '1' }, asking])
        assert.match(await refusal(id, headers), /task\.ended/);
    });

    it('STREAM-14 that is none is refused by name, and nothing changes', async () => {
      const { id, events } = await endedTask();
      const rows = await setting.everyRow();
      const beyond = String(events.length + 1);
      for (const cursor of [beyond, '-1', '1.5', 'x', '1,2', '9'.repeat(15), '9'.repeat(40)]) {
        const text = await refusal(id, after(cursor));
        assert.match(text, /request\.invalid/, cursor);
        assert.match(text, /Last-Event-ID/, cursor);
      }
      assert.equal(await setting.everyRow(), rows);
    });

    it('reveals no task of another owner', async () => {
      const { id } = await endedTask();
      const outsider = await setting.platform.createTenant(`other-${binding.name.toLowerCase().replace(/\W+/g, '-')}`);
      const cardUrl = new URL('/.well-known/agent-card.json', setting.agent.url).href;
      await outsider.client.admin.registerAgent({ body: { name: 'worker', cardUrl } });
      const as = { slug: outsider.slug, token: await setting.tokenFor(outsider) };
      const missing = `tsk_${'0'.repeat(32)}`;
      const told = async (taskId: string): Promise<string> =>
        (await refusal(taskId, after('0'), as)).replaceAll(/req_[0-9a-f]{32}/g, 'req').replaceAll(taskId, 'id');
      assert.match(await told(id), /task\.unknown/);
      assert.equal(await told(id), await told(missing));
      assert.match(await refusal(id, after('99'), as), /task\.unknown/);
    });
  }
});
