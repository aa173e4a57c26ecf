/**
 * Guarantee: a stream over gRPC waits for its reader within a bound, drops one that takes nothing, ends with advice when the
 * platform leaves, and no task is harmed by any of it.
 */
import assert from 'node:assert/strict';
import { constants } from 'node:http2';
import { describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { framed, read, startGrpcSetting, words } from './grpc-setting.ts';

describe('a stream over gRPC', () => {
  it('is broken off when its reader takes nothing, and other calls of the connection go on', async () => {
    const clock = new FakeClock();
    await using setting = await startGrpcSetting({ clock });
    // More than the reader's window and the server's buffer for it.
    const message = words(`big ${'x'.repeat(600_000)}`);
    const bytes = framed('SendMessageRequest', { tenant: setting.tag, ...message });
    const { stream, end } = setting.open('SendStreamingMessage', bytes);
    stream.removeAllListeners('data');
    stream.pause();
    const states = async (): Promise<unknown> => {
      const page = await setting.call('ListTasks', 'ListTasksRequest', { tenant: setting.tag });
      const { tasks } = read('ListTasksResponse', page.messages[0]) as { tasks?: readonly { status: object }[] };
      return tasks?.map((task) => task.status);
    };
    const isCompleted = async (): Promise<boolean> => /"state":3/.test(JSON.stringify((await states()) ?? null));
    await eventually('the task is completed, though no client reads its stream', isCompleted);
    const isClosed = (): boolean => stream.closed;
    await eventually('the stream is broken off', async () => {
      await clock.advance(1_000);
      return isClosed();
    });
    stream.resume();
    const { code, resetCode } = await end;
    assert.deepEqual([code, resetCode], [null, constants.NGHTTP2_ENHANCE_YOUR_CALM]);
    await eventually('it is logged', () =>
      setting.platform.logLines.some((line) => line.includes('stream.too-slow') && line.includes('"surface":"grpc"')),
    );
    assert.ok(await isCompleted(), 'and the connection serves other calls');
  });

  it('ends with advice at once when the platform leaves, and a waiting call after its time', async () => {
    const clock = new FakeClock();
    await using setting = await startGrpcSetting({ clock });
    const request = (text: string) => framed('SendMessageRequest', { tenant: setting.tag, ...words(text) });
    const streamed = setting.open('SendStreamingMessage', request('hold the stream'));
    const waiting = setting.open('SendMessage', request('hold the call'));
    await eventually('both are at work', () => setting.agent.heard.length === 2);

    const stopping = setting.platform.platform.stop();

    const ended = await streamed.end;
    assert.deepEqual([ended.code, ended.reasons], [14, ['platform.unavailable']]);
    assert.ok(ended.messages.length >= 1);
    await clock.advance(limits.drainMs);
    const answered = await waiting.end;
    assert.deepEqual([answered.code, answered.reasons], [14, ['platform.unavailable']]);
    let isStopped = false;
    void stopping.then(() => (isStopped = true));
    await eventually('it is stopped', async () => {
      await clock.advance(1_000);
      return isStopped;
    });
  });
});
