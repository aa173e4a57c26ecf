/** Guarantee: a platform that shuts down answers every waiting client within its bound, and no task is harmed by it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import type { Task } from '@colloquy/protocol';
import { eventually, FakeClock, startTestPlatform } from '@colloquy/testkit';
import { json, say, startA2aSetting, version } from './a2a-setting.ts';

const isClosed = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    () => false,
    () => true,
  );

describe('a platform that leaves', () => {
  it('ends streams with advice at once and waiting calls after their time, and the next one finishes their tasks', async () => {
    const clock = new FakeClock();
    await using setting = await startA2aSetting({ clock });
    const { agent, path, platform } = setting;
    const streamed = say('hold the stream');
    const waited = say('hold the call');
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendStreamingMessage', params: streamed });
    const stream = await setting.fetch(path, { method: 'POST', body, headers: { ...json, ...version } });
    const call = setting.rpc('SendMessage', waited);
    await eventually('both are at work', () => agent.heard.length === 2);

    const stopping = platform.platform.stop();

    assert.match(await stream.text(), /^id: 1\n[^]*\n\nretry: 1000\n\n$/);
    let isTold = false;
    void call.then(() => (isTold = true));
    // In steps that leave the heartbeats time to be answered: a node that jumps over them gives its identity up.
    await eventually('the call is told', async () => {
      await clock.advance(500);
      return isTold;
    });
    const answer = await call;
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get('retry-after'), '1');
    assert.match(answer.text, /"reason":"platform.unavailable"/);
    let isStopped = false;
    void stopping.then(() => (isStopped = true));
    await eventually('it is stopped', async () => {
      await clock.advance(1_000);
      return isStopped;
    });

    agent.release();
    await using next = await startTestPlatform({ database: platform.database });
    const token = await setting.tokenFor(setting.tenant, undefined, next.url);
    await eventually('the tasks are finished elsewhere', async () => {
      const answer = await fetch(next.url + path, {
        method: 'POST',
        headers: { ...json, ...version, authorization: `Bearer ${token}` },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ListTasks', params: {} }),
      });
      const { result } = (await answer.json()) as { result: { tasks: readonly Task[] } };
      return result.tasks.length === 2 && result.tasks.every((task) => task.status.state === 'TASK_STATE_COMPLETED');
    });
    assert.equal(agent.heard.length, 2, 'and nothing was said twice');
  });

  it('answers a send that it accepted before and whose body comes only now', async () => {
    await using setting = await startA2aSetting();
    const { agent, path, platform } = setting;
    const token = await setting.tokenFor(setting.tenant);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: say('hello') });
    const headers = {
      ...json,
      ...version,
      authorization: `Bearer ${token}`,
      'content-length': String(body.length),
      expect: '100-continue',
    };
    const call = request(platform.url + path, { method: 'POST', headers });
    const answered = once(call, 'response');
    call.flushHeaders();
    await once(call, 'continue');
    const stopping = platform.platform.stop();
    await eventually('it accepts no more', () => isClosed(platform.url));
    // Time enough for a process that waits for nothing to give its lease back.
    for (let nth = 0; nth < 100; nth += 1) await setting.rows('select from colloquy.nodes');
    call.end(body);
    const [answer] = (await answered) as [IncomingMessage];
    assert.equal(answer.statusCode, 200);
    assert.match(await text(answer), /TASK_STATE_COMPLETED/);
    await stopping;
    assert.equal(agent.heard.length, 1);
    const left = await setting.rows(`select from colloquy.tasks where state <> 'completed' or node_id is not null`);
    assert.equal(left.length, 0, 'no task is left for another node');
  });

  it('says so at /ready first, serves on meanwhile, and leaves no connection for a next request', async () => {
    const clock = new FakeClock();
    const noticeMs = 2_000;
    const env = { COLLOQUY_DRAIN_NOTICE_MS: String(noticeMs) };
    await using setting = await startA2aSetting({ clock, env });
    const { platform } = setting;
    const readyAt = (url: string): Promise<Response> => fetch(`${url}/ready`);
    assert.equal((await readyAt(platform.url)).headers.get('connection'), 'keep-alive');
    let isStopped = false;
    const stopping = platform.platform.stop().then(() => (isStopped = true));
    for (const url of [platform.url, platform.opsUrl]) {
      const answer = await readyAt(url);
      assert.equal(answer.status, 503);
      assert.match(await answer.text(), /"staying":"failing"/);
    }
    await clock.advance(noticeMs - 1);
    const sent = await setting.rpc('SendMessage', say('hello'));
    assert.equal(sent.status, 200);
    assert.match(sent.text, /TASK_STATE_COMPLETED/);
    assert.equal(sent.headers.get('connection'), 'close');
    assert.equal(isStopped, false);
    await eventually('it is stopped', async () => {
      await clock.advance(1_000);
      return isStopped;
    });
    await stopping;
    await assert.rejects(readyAt(platform.url), 'the port is closed');
  });

  it('does not wait for connections that never said a word', async () => {
    await using setting = await startA2aSetting({ clock: new FakeClock() });
    const { port } = new URL(setting.platform.url);
    const silent = Array.from({ length: 3 }, () => connect(Number(port), '127.0.0.1'));
    const closed = Promise.all(silent.map((socket) => once(socket, 'close')));
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    // It has been taken in once another one after it is answered.
    assert.equal((await setting.fetch('/nowhere')).status, 404);

    await Promise.all([setting.platform.platform.stop(), closed]);
  });
});
