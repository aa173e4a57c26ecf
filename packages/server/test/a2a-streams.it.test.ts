/**
 * Guarantee: a stream shows its events as they come, stays alive while nothing comes, waits for a slow reader and drops a dead one,
 * and ends with words; none of it costs a timer or a buffer of its own that grows.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import type { Clock } from '../src/kernel/clock.ts';
import type { StreamedEvent } from '../src/modules/gateway/index.ts';
import { EventStreams } from '../src/surfaces/a2a/event-streams.ts';
import { takeConnection } from '../src/surfaces/http/taken-connection.ts';

/** Events on demand, and whether anybody still wants them. */
class Tap implements AsyncIterableIterator<readonly StreamedEvent[]> {
  readonly #waiting: (readonly StreamedEvent[] | Error | null)[] = [];
  #wake: (() => void) | null = null;
  takenCount = 0;
  isLeft = false;

  /** Null ends the stream, an Error fails it. */
  give(batch: readonly StreamedEvent[] | Error | null): void {
    this.#waiting.push(batch);
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<readonly StreamedEvent[], undefined>> {
    for (;;) {
      const batch = this.#waiting.shift();
      if (batch instanceof Error) throw batch;
      if (batch === null || this.isLeft) return { done: true, value: undefined };
      if (batch !== undefined) {
        this.takenCount += 1;
        return { done: false, value: batch };
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  return(): Promise<IteratorResult<readonly StreamedEvent[], undefined>> {
    this.isLeft = true;
    this.#wake?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Counts the timers that are set at one time. */
class CountingClock extends FakeClock {
  pendingCount = 0;

  override after(delayMs: number, run: () => void): () => void {
    this.pendingCount += 1;
    const cancel = super.after(delayMs, () => {
      this.pendingCount -= 1;
      run();
    });
    return () => {
      this.pendingCount -= 1;
      cancel();
    };
  }
}

interface Setting extends AsyncDisposable {
  readonly streams: EventStreams;
  readonly stalls: { count: number };
  /** Connections that Node's HTTP has let go of. */
  readonly taken: { count: number };
  /** A reader of a new stream: everything it got so far as text. */
  read(tap: Tap): Promise<Reader>;
}
interface Reader {
  readonly socket: Socket;
  text(): string;
}

/** How a stream writes: by Node's response to its end, or on a connection that was taken from it as soon as that can be. */
type Form = 'Node’s connection' | 'a taken connection';

async function startStreams(clock: Clock, form: Form = 'Node’s connection'): Promise<Setting> {
  const streams = new EventStreams({ clock, heartbeatMs: 15_000, stallMs: 30_000 });
  const stalls = { count: 0 };
  const taken = { count: 0 };
  const sockets: Socket[] = [];
  const taps: Tap[] = [];
  const server = createServer((request, response) => {
    const events = taps.shift();
    if (events === undefined) throw new Error('A reader came without a stream.');
    void streams.serve({
      response,
      events,
      frame: (json) => `<${json}>`,
      failureFrame: (error) => `failed: ${String(error)}`,
      onStall: () => (stalls.count += 1),
      ...(form === 'a taken connection' && {
        isLong: true,
        take: (listener) => {
          const connection = takeConnection(request, response, listener);
          if (connection !== null) taken.count += 1;
          return connection;
        },
      }),
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    streams,
    stalls,
    taken,
    async read(tap) {
      taps.push(tap);
      const socket = connect(address.port, '127.0.0.1').on('error', () => undefined);
      sockets.push(socket);
      let got = '';
      socket.on('data', (bytes) => (got += bytes.toString()));
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
      await eventually('the head of the answer', () => got.includes('\r\n\r\n'));
      return { socket, text: () => got };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const event = (seq: number, json = `{"n":${seq}}`): StreamedEvent => ({ seq, json });

for (const form of ['Node’s connection', 'a taken connection'] as const) {
  describe(`an open stream on ${form}`, () => {
    it('answers at once and shows each event under its sequence', async () => {
      await using setting = await startStreams(new FakeClock(), form);
      const tap = new Tap();
      const reader = await setting.read(tap);
      assert.match(reader.text(), /^HTTP\/1\.1 200 OK\r\ncontent-type: text\/event-stream\r\n/);
      tap.give([event(1), event(2)]);
      tap.give([event(3)]);
      tap.give(null);
      await once(reader.socket, 'data');
      await eventually('the end', () => reader.text().endsWith('0\r\n\r\n'));
      const frames = ['1', '2', '3'].map((seq) => `id: ${seq}\ndata: <{"n":${seq}}>\n\n`).join('');
      assert.equal(bodyOf(reader.text()), frames);
      assert.equal(setting.streams.count, 0);
    });

    it('carries a comment after each silence, and one timer serves all streams', async () => {
      const clock = new CountingClock();
      await using setting = await startStreams(clock, form);
      const readers = await Promise.all(Array.from({ length: 200 }, () => setting.read(new Tap())));
      assert.equal(setting.streams.count, 200);
      assert.equal(clock.pendingCount, 1);

      await clock.advance(14_000);
      assert.ok(readers.every((reader) => bodyOf(reader.text()) === ''));
      await clock.advance(2_000);
      await eventually('a comment for everybody', () =>
        readers.every((reader) => /^: ?\n\n$/.test(bodyOf(reader.text()))),
      );
      await clock.advance(15_000);
      await eventually('and another', () => readers.every((reader) => /^(: ?\n\n){2}$/.test(bodyOf(reader.text()))));

      for (const { socket } of readers) socket.destroy();
      await eventually('no stream is left', () => setting.streams.count === 0);
      await clock.advance(1_000);
      assert.equal(clock.pendingCount, 0);
    });

    it('carries no comment while events come', async () => {
      const clock = new FakeClock();
      await using setting = await startStreams(clock, form);
      const tap = new Tap();
      const reader = await setting.read(tap);
      for (let seq = 1; seq <= 5; seq += 1) {
        await clock.advance(10_000);
        tap.give([event(seq)]);
        await eventually('the event', () => reader.text().includes(`id: ${seq}\n`));
      }
      assert.doesNotMatch(bodyOf(reader.text()), /^:/m);
    });

    it('leaves the task when its reader leaves, also while nothing happens', async () => {
      await using setting = await startStreams(new FakeClock(), form);
      const tap = new Tap();
      const { socket } = await setting.read(tap);
      socket.destroy();
      await eventually('the view is left', () => tap.isLeft && setting.streams.count === 0);
    });

    it('ends with the error when it fails', async () => {
      await using setting = await startStreams(new FakeClock(), form);
      const tap = new Tap();
      const reader = await setting.read(tap);
      tap.give([event(1)]);
      tap.give(new Error('broken'));
      await eventually('the end', () => reader.text().endsWith('0\r\n\r\n'));
      assert.equal(bodyOf(reader.text()), 'id: 1\ndata: <{"n":1}>\n\nevent: error\ndata: failed: Error: broken\n\n');
      assert.ok(tap.isLeft);
    });

    it('ends with the advice to come back when the process leaves; later ones end at once', async () => {
      const clock = new CountingClock();
      await using setting = await startStreams(clock, form);
      const tap = new Tap();
      const reader = await setting.read(tap);
      setting.streams.close();
      const late = new Tap();
      const lateReader = await setting.read(late);
      for (const one of [reader, lateReader]) {
        await eventually('the end', () => one.text().endsWith('0\r\n\r\n'));
        assert.equal(bodyOf(one.text()), 'retry: 1000\n\n');
      }
      assert.ok(tap.isLeft && late.isLeft);
      assert.equal(clock.pendingCount, 0);
    });
  });

  describe(`a slow reader on ${form}`, () => {
    const large = 'x'.repeat(512 * 1024);

    it('is waited for: events stay where they are until it takes them', async () => {
      await using setting = await startStreams(new FakeClock(), form);
      const tap = new Tap();
      const reader = await setting.read(tap);
      reader.socket.pause();
      for (let seq = 1; seq <= 40; seq += 1) tap.give([event(seq, large)]);
      let probes = 0;
      let seen = -1;
      await eventually('the stream waits', () => {
        probes = tap.takenCount === seen ? probes + 1 : 0;
        seen = tap.takenCount;
        return probes === 10;
      });
      assert.ok(tap.takenCount < 30, `${tap.takenCount} large events were taken`);
      reader.socket.resume();
      tap.give(null);
      await eventually('everything arrives', () => reader.text().endsWith('0\r\n\r\n'));
      assert.equal(reader.text().match(/^id: /gm)?.length, 40);
    });

    it('that takes nothing for its time loses its connection, and no other connection ends', async () => {
      const clock = new FakeClock();
      await using setting = await startStreams(clock, form);
      const stuck = new Tap();
      const stuckReader = await setting.read(stuck);
      const idle = new Tap();
      const idleReader = await setting.read(idle);
      stuckReader.socket.pause();
      for (let seq = 1; seq <= 40; seq += 1) stuck.give([event(seq, large)]);
      await eventually('the stream waits', () => stuck.takenCount > 0);

      await clock.advance(29_000);
      assert.equal(setting.stalls.count, 0);
      await clock.advance(3_000);
      await eventually('the stuck reader is gone', () => stuck.isLeft && setting.streams.count === 1);

      assert.equal(setting.stalls.count, 1);
      idle.give([event(1)]);
      await eventually('the other still reads', () => idleReader.text().includes('id: 1\n'));
    });
  });
}

describe('a stream that lives long', () => {
  it('goes on byte for byte on a connection that is taken, and that ends with it', async () => {
    const clock = new FakeClock();
    await using setting = await startStreams(clock, 'a taken connection');
    const tap = new Tap();
    const reader = await setting.read(tap);
    assert.equal(setting.taken.count, 0);
    tap.give([event(1)]);
    await eventually('the first event', () => reader.text().includes('id: 1\n'));
    await eventually('the connection is taken', () => setting.taken.count === 1);
    tap.give([event(2, '"ünï"')]);
    await eventually('the second', () => reader.text().includes('id: 2\n'));
    await clock.advance(16_000);
    tap.give(null);
    await once(reader.socket, 'end');
    const frames = 'id: 1\ndata: <{"n":1}>\n\nid: 2\ndata: <"ünï">\n\n';
    assert.match(bodyOf(reader.text()), new RegExp(`^${frames}: ?\n\n$`));
    assert.equal(setting.streams.count, 0);
  });
});

/** The chunks of an answer, joined. */
function bodyOf(answer: string): string {
  let rest = Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4));
  let body = '';
  while (rest.length > 0) {
    const lineEnd = rest.indexOf('\r\n');
    const length = Number.parseInt(rest.toString('utf8', 0, lineEnd), 16);
    body += rest.toString('utf8', lineEnd + 2, lineEnd + 2 + length);
    rest = rest.subarray(lineEnd + 4 + length);
  }
  return body;
}
