/**
 * Guarantee: a call over gRPC is answered with the status that says which side has to fix it, leaves no trace where it was refused, and
 * reveals nothing of another tenant; the port goes on serving.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:http2';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { writeMessage } from '@colloquy/protocol/grpc';
import { eventually } from '@colloquy/testkit';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { pause } from '../src/kernel/clock.ts';
import { limits } from '../src/kernel/limits.ts';
import { frame, framed, openCall, read, startGrpcSetting, words } from './grpc-setting.ts';
import type { GrpcEnd, GrpcSetting } from './grpc-setting.ts';

const status = {
  ok: 0,
  invalid: 3,
  notFound: 5,
  denied: 7,
  exhausted: 8,
  precondition: 9,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;
const noTask = `tsk_${'0'.repeat(32)}`;

describe('a call over gRPC', () => {
  let setting: GrpcSetting;
  before(async () => {
    setting = await startGrpcSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  const send = (json: object, options?: Parameters<GrpcSetting['call']>[3]): Promise<GrpcEnd> =>
    setting.call('SendMessage', 'SendMessageRequest', json, options);

  async function assertWorks(): Promise<void> {
    const { code, messages } = await send({ tenant: setting.tag, ...words('fine') });
    assert.equal(code, status.ok);
    assert.equal(messages.length, 1);
  }

  it('is answered with a task, under a request id', async () => {
    const answer = await send({ tenant: setting.tag, ...words('hello') });
    assert.equal(answer.code, status.ok);
    assert.match(answer.requestId, /^req_[0-9a-f]{32}$/);
    const { task } = read('SendMessageResponse', answer.messages[0]) as { task: { id: string; status: object } };
    assert.match(task.id, /^tsk_/);
    const again = await setting.call('GetTask', 'GetTaskRequest', { tenant: setting.tag, id: task.id });
    assert.deepEqual(read('Task', again.messages[0]), task);
  });

  it('finds its agent by the host name when it has no tag, in the tenant of its token', async () => {
    const found = await send(words('by name'), { headers: { ':authority': 'worker.agents.example:4802' } });
    assert.equal(found.code, status.ok);
    const none = await send(words('by name'), { headers: { ':authority': 'missing.agents.example' } });
    assert.deepEqual([none.code, none.reasons], [status.notFound, ['registry.agent-unknown']]);
    for (const authority of ['127.0.0.1:4802', 'localhost', '[::1]:4802']) {
      const unnamed = await send(words('by no name'), { headers: { ':authority': authority } });
      assert.deepEqual([unnamed.code, unnamed.fields], [status.invalid, ['tenant']], authority);
    }
  });

  it('is the same send over gRPC and over JSON-RPC', async () => {
    const said = words(`once ${randomUUID()}`);
    const first = await send({ tenant: setting.tag, ...said });
    const { task } = read('SendMessageResponse', first.messages[0]) as { task: { id: string } };
    const { json } = await setting.rpc('SendMessage', said);
    assert.equal((json as { result: { task: { id: string } } }).result.task.id, task.id);
    assert.equal(setting.agent.heard.filter((heard) => heard === said.message.parts[0]?.text).length, 1);
  });

  it('may be compressed, and is refused when it opens to too much', async () => {
    const packed = (json: object): Buffer => frame(gzipSync(framed('SendMessageRequest', json).subarray(5)), 1);
    const headers = { 'grpc-encoding': 'gzip' };
    const fine = await setting.open('SendMessage', packed({ tenant: setting.tag, ...words('packed') }), { headers })
      .end;
    assert.equal(fine.code, status.ok);
    const bomb = words('x'.repeat(limits.bodyBytesMax + 1));
    const refused = await setting.open('SendMessage', packed({ tenant: setting.tag, ...bomb }), { headers }).end;
    assert.equal(refused.code, status.exhausted);
    await assertWorks();
  });

  const fine = () => framed('SendMessageRequest', { tenant: setting.tag, ...words('never') });
  const broken: readonly [name: string, bytes: () => Buffer, code: number, fields: readonly string[]][] = [
    ['bytes that are no message', () => frame(Buffer.from([0xff, 0xff, 0xff])), status.invalid, ['']],
    [
      'a message of another type',
      () => framed('AgentSkill', { id: 'x', name: 'y', tags: ['z'] }),
      status.invalid,
      ['message'],
    ],
    ['nothing inside', () => frame(Buffer.alloc(0)), status.invalid, ['message']],
    [
      'fields missing',
      () => framed('SendMessageRequest', { tenant: setting.tag, message: {} }),
      status.invalid,
      ['message.messageId', 'message.role', 'message.parts'],
    ],
    [
      'a part of no kind',
      () => framed('SendMessageRequest', { tenant: setting.tag, ...words('x', { parts: [{ filename: 'a' }] }) }),
      status.invalid,
      ['message.parts[0]'],
    ],
    [
      'a tag that is too long',
      () => framed('SendMessageRequest', { tenant: 'a'.repeat(300), ...words('x') }),
      status.invalid,
      ['tenant'],
    ],
    ['no message at all', () => Buffer.alloc(0), status.unimplemented, []],
    ['two messages', () => Buffer.concat([fine(), fine()]), status.unimplemented, []],
  ];
  for (const [name, bytes, code, fields] of broken) {
    it(`with ${name} is refused and leaves no trace`, async () => {
      const before = await setting.everyRow();
      const answer = await setting.open('SendMessage', bytes()).end;
      assert.deepEqual([answer.code, answer.fields], [code, fields]);
      assert.deepEqual(answer.messages, []);
      assert.equal(await setting.everyRow(), before);
      await assertWorks();
    });
  }

  it('names every complaint with its reason, and no more of them than a trailer holds', async () => {
    const parts = Array.from({ length: 40 }, () => ({ filename: 'x' }));
    const answer = await send({ tenant: setting.tag, ...words('x', { parts }) });
    assert.deepEqual([answer.code, answer.reasons, answer.fields.length], [status.invalid, ['request.invalid'], 8]);
  });

  it('that is too large is refused before it is kept', async () => {
    const huge = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff]);
    const announced = await setting.open('SendMessage', huge, { isOpen: true }).end;
    assert.equal(announced.code, status.exhausted);
    const sent = await send({ tenant: setting.tag, ...words('x'.repeat(limits.bodyBytesMax)) });
    assert.equal(sent.code, status.exhausted);
    await assertWorks();
  });

  it('that is large finds room beside those that wait for an answer, or is told to come back', async () => {
    const large = (text: string): Buffer => {
      const said = writeMessage('SendMessageRequest', { tenant: setting.tag, ...words(text) });
      const unknownField = Buffer.from([0xfa, 0x7f, 0, 0, 0, 0]);
      const fillerBytes = limits.bodyBytesMax - said.length - unknownField.length;
      for (let at = 0; at < 4; at += 1)
        unknownField[at + 2] = ((fillerBytes >>> (7 * at)) & 0x7f) | (at < 3 ? 0x80 : 0);
      return frame(Buffer.concat([said, unknownField, Buffer.alloc(fillerBytes)]));
    };
    const fits = limits.tenantBodyBytesInFlightMax / limits.bodyBytesMax;
    const texts = Array.from({ length: fits }, () => `hold ${randomUUID()}`);
    // The platform releases the bytes of a call a moment after its answer, and a busy machine delays bodies and heartbeats; a client that
    // retries at once only keeps others out.
    const say = async (text: string): ReturnType<typeof setting.call> => {
      const frames = large(text);
      for (;;) {
        const answer = await setting.open('SendMessage', frames).end;
        const isRequeued =
          answer.code === status.unavailable || answer.resetCode === constants.NGHTTP2_ENHANCE_YOUR_CALM;
        if (!isRequeued) return answer;
        await pause(systemClock, 100);
      }
    };
    const waiting = texts.map(say);
    await eventually('all are at work', () => texts.every((text) => setting.agent.heard.includes(text)), 90_000);
    const refused = await setting.open('SendMessage', large('one more')).end;
    assert.deepEqual([refused.code, refused.reasons], [status.unavailable, ['platform.overloaded']]);
    await assertWorks();
    setting.agent.release();
    for (const { code } of await Promise.all(waiting)) assert.equal(code, status.ok);
    assert.equal((await say('now')).code, status.ok);
    assert.ok(!setting.agent.heard.includes('one more'));
  });

  it('of an unknown task has the reason of A2A', async () => {
    for (const [operation, message] of [
      ['GetTask', 'GetTaskRequest'],
      ['CancelTask', 'CancelTaskRequest'],
      ['SubscribeToTask', 'SubscribeToTaskRequest'],
    ] as const) {
      for (const id of [noTask, 'what']) {
        const answer = await setting.call(operation, message, { tenant: setting.tag, id });
        assert.deepEqual([answer.code, answer.reasons], [status.notFound, ['TASK_NOT_FOUND', 'task.unknown']]);
      }
    }
  });

  it('of another tenant’s agent looks like one of an agent that is not there', async () => {
    const other = await setting.platform.createTenant(`other-${randomUUID().slice(0, 8)}`);
    const token = await setting.tokenFor(other);
    const before = await setting.everyRow();
    const tags = [setting.tag, `${other.slug}/worker`, 'missing/worker', 'a/b/c', 'worker', '/', `${setting.tag}/`];
    const answers = await Promise.all(tags.map((tenant) => send({ tenant, ...words('let me in') }, { token })));
    const [first] = answers;
    assert.deepEqual([first?.code, first?.reasons], [status.notFound, ['registry.agent-unknown']]);
    for (const { code, message, reasons } of answers) {
      assert.deepEqual([code, message, reasons], [first?.code, first?.message, first?.reasons]);
    }
    assert.equal(await setting.everyRow(), before);
    const { items } = await other.client.admin.listAuditEntries();
    assert.ok(items.some(({ action, outcome }) => action === 'access.refused' && outcome === 'refused'));
  });

  it('without a token, or with a bad one, is refused before its message is read', async () => {
    for (const token of [null, 'x.y.z', `${setting.token.slice(0, -4)}AAAA`]) {
      const { stream, end } = setting.open('SendMessage', null, { token, isOpen: true });
      const answer = await end;
      assert.deepEqual([answer.code, answer.reasons], [status.unauthenticated, ['access.unauthenticated']]);
      assert.match(answer.message, /access token/);
      stream.destroy();
    }
    await assertWorks();
  });

  it('without the scope it needs is refused, and that is on record', async () => {
    const reader = await setting.platform.createClient(setting.tenant.slug, `reader-${randomUUID()}`, ['a2a:read']);
    const token = await reader.token();
    const answer = await send({ tenant: setting.tag, ...words('let me') }, { token });
    assert.deepEqual([answer.code, answer.reasons], [status.denied, ['access.scope-missing']]);
    const { items } = await setting.tenant.client.admin.listAuditEntries({ resource: 'operations/task.send' });
    assert.equal(items.at(-1)?.action, 'access.refused');
  });

  it('of a method or a service that there is not is unimplemented, whatever its path', async () => {
    for (const path of ['/lf.a2a.v1.A2AService/Nothing', '/a2a.v1.A2AService/ListTasks', '/', '/%00%0a', '/x?y#z']) {
      const answer = await setting.open('', fine(), { path }).end;
      assert.equal(answer.code, status.unimplemented, path);
    }
    for (const path of ['/\u00e9\u0001', '/a b', '']) {
      const session = setting.connect();
      try {
        const { stream, end } = openCall(session, { operation: '', bytes: null, token: setting.token, path });
        stream.setTimeout(1_000, () => stream.close());
        await end;
      } catch {
        // The client itself may refuse to say it.
      }
      session.destroy();
    }
    await assertWorks();
  });

  it('in another version, or in none, is told which one is spoken', async () => {
    for (const [version, shown] of [
      ['99.0', '99.0'],
      ['0.3', '0.3'],
      ['', '0.3'],
      ['what', 'what'],
    ] as const) {
      const answer = await send({ tenant: setting.tag, ...words('x') }, { headers: { 'a2a-version': version } });
      assert.equal(answer.code, status.precondition, version);
      assert.equal(answer.reasons[0], 'VERSION_NOT_SUPPORTED');
      assert.match(answer.message, new RegExp(`version ${shown} is not supported.*1\\.0`));
    }
    const patched = await send({ tenant: setting.tag, ...words('x') }, { headers: { 'a2a-version': '1.0.7' } });
    assert.equal(patched.code, status.ok);
  });

  it('with metadata that two readers would read in two ways, or too much of it, is refused', async () => {
    const twice = await send({ tenant: setting.tag, ...words('x') }, { headers: { 'a2a-version': ['1.0', '1.0'] } });
    assert.ok(twice.code === status.invalid || twice.code === status.precondition, String(twice.code));
    const many = Object.fromEntries(Array.from({ length: 110 }, (_, at) => [`x-field-${at}`, 'y']));
    const crowded = await send({ tenant: setting.tag, ...words('x') }, { headers: many });
    assert.deepEqual([crowded.code, crowded.fields], [status.invalid, ['metadata']]);
    const large = await send({ tenant: setting.tag, ...words('x') }, { headers: { 'x-large': 'y'.repeat(20_000) } });
    assert.equal(large.code, status.exhausted);
    await assertWorks();
  });

  it('that its caller aborts, or whose time is over, harms no task', async () => {
    const gone = words(`hold ${randomUUID()}`);
    const { stream } = setting.open('SendMessage', framed('SendMessageRequest', { tenant: setting.tag, ...gone }));
    await eventually('it is at work', () => setting.agent.heard.includes(gone.message.parts[0]?.text ?? ''));
    stream.close(8);
    const late = words(`hold ${randomUUID()}`);
    const ended = await send({ tenant: setting.tag, ...late }, { headers: { 'grpc-timeout': '300m' } });
    assert.equal(ended.code, 4);
    setting.agent.release();
    for (const said of [gone, late]) {
      const again = await send({ tenant: setting.tag, ...said });
      const { task } = read('SendMessageResponse', again.messages[0]) as { task: { status: { state: number } } };
      assert.equal(task.status.state, 3, 'completed');
      assert.equal(setting.agent.heard.filter((heard) => heard === said.message.parts[0]?.text).length, 1);
    }
  });

  it('is counted and logged like those over HTTP, without anything of its content', async () => {
    const secret = randomUUID();
    await send({ tenant: setting.tag, ...words(secret, { parts: [{ text: secret, filename: secret }, {}] }) });
    const lines = setting.platform.logLines.filter((line) => line.includes('"surface":"grpc"'));
    assert.ok(
      lines.some((line) => line.includes('"code":"request.invalid"') && line.includes('"operation":"SendMessage"')),
    );
    for (const line of setting.platform.logLines) assert.ok(!line.includes(secret) && !line.includes(setting.token));
    const metrics = await (await fetch(`${setting.platform.opsUrl}/metrics`)).text();
    assert.match(metrics, /surface="grpc"/);
  });
});
