/** Guarantee (T31): what a client sends ahead on one connection is served in its order, one after another, and takes the room of one. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { sendRaw, startHttp } from './access-http-fixture.ts';
import type { HttpFixtureOptions } from './access-http-fixture.ts';

interface Held {
  readonly name: string;
  readonly release: () => void;
}

/** `GET /hold/<name>` is answered with its name when it is released; so is `POST /hold/<name>` once its body is there. */
async function startHolding(options: HttpFixtureOptions = {}) {
  const held: Held[] = [];
  const http = await startHttp((app) => {
    app.route<{ Params: { name: string } }>({
      method: ['GET', 'POST'],
      url: '/hold/:name',
      handler: async ({ params: { name } }) => {
        await new Promise<void>((release) => held.push({ name, release }));
        return `<${name}>`;
      },
    });
  }, options);
  return { http, held };
}

const get = (name: string | number, fields = ''): string => `GET /hold/${name} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;
const named = (answers: string): readonly string[] => [...answers.matchAll(/<(\w+)>/g)].map(([, name = '']) => name);
const statusesOf = (answers: string): readonly string[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status = '']) => status);

describe('requests sent ahead on a connection', () => {
  it('are served one after another, in their order', async () => {
    const { http, held } = await startHolding();
    await using _http = http;
    const names = Array.from({ length: limits.requestsAheadMax }, (_, at) => String(at));
    const last = get(names.length - 1, 'Connection: close\r\n');
    const answers = sendRaw(
      http.port,
      names
        .slice(0, -1)
        .map((name) => get(name))
        .join('') + last,
    );
    for (const name of names) {
      await eventually(`${name} has its turn`, () => held.at(-1)?.name === name);
      assert.equal(http.app.visits.inFlight, 1);
      held.at(-1)?.release();
    }
    assert.deepEqual(named(await answers), names);
    assert.equal(held.length, names.length, 'each reached its handler once');
  });

  it('leave the room to others: many of them are one request under way', async () => {
    const { http, held } = await startHolding({ requestsInFlightMax: 2 });
    await using _http = http;
    const socket = connect(http.port, '127.0.0.1');
    socket.write(get('ahead').repeat(50));
    await eventually('the first has its turn', () => held.length === 1);
    const other = fetch(`${http.url}/hold/other`);
    await eventually('another client is served', () => held.length === 2);
    assert.equal(held[1]?.name, 'other');
    held[1].release();
    assert.equal((await other).status, 200);
    socket.destroy();
    await eventually('none is under way', () => http.app.visits.inFlight === 0);
    held[0]?.release();
    assert.equal((await fetch(`${http.url}/nothing`)).status, 404);
    assert.equal(held.length, 2, 'nothing came of those whose connection has gone');
  });

  it('are bounded: one too many is refused in its turn, and nothing comes of it or of what follows', async () => {
    const { http, held } = await startHolding();
    await using _http = http;
    const answers = sendRaw(http.port, get('ahead').repeat(limits.requestsAheadMax + 20));
    for (let at = 0; at < limits.requestsAheadMax; at += 1) {
      await eventually(`${at} has its turn`, () => held.length === at + 1);
      held[at]?.release();
    }
    const statuses = statusesOf(await answers);
    assert.deepEqual(statuses, [...Array.from({ length: limits.requestsAheadMax }, () => '200'), '503']);
    await eventually('none is under way', () => http.app.visits.inFlight === 0);
    assert.equal(held.length, limits.requestsAheadMax);
  });

  it('come to nothing behind one with which the connection ends', async () => {
    const { http, held } = await startHolding();
    await using _http = http;
    const unclear = 'GET /hold/unclear HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n';
    const answers = sendRaw(http.port, get('first') + unclear + get('behind'));
    await eventually('the first has its turn', () => held.length === 1);
    held[0]?.release();
    assert.deepEqual(statusesOf(await answers), ['200', '400']);
    await eventually('none is under way', () => http.app.visits.inFlight === 0);
    assert.deepEqual(
      held.map(({ name }) => name),
      ['first'],
    );
  });

  it('are no slow bodies while they wait, and are read to the end when their turn comes', async () => {
    const clock = new FakeClock();
    const { http, held } = await startHolding({ clock });
    await using _http = http;
    const body = JSON.stringify('x'.repeat(200_000));
    const head = `POST /hold/body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n`;
    const answers = sendRaw(http.port, `${get('first')}${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    await eventually('the first has its turn', () => held.length === 1);
    for (let at = 0; at < 20; at += 1) await clock.advance(1_000);
    held[0]?.release();
    await eventually('the second has its turn', () => held.length === 2);
    held[1]?.release();
    assert.deepEqual(named(await answers), ['first', 'body']);
  });
});
