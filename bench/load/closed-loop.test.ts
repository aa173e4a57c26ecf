/** Guarantee: only a right answer to the very request that was sent counts; a server that cheats or fails shows up as errors. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { ClosedLoop } from './closed-loop.ts';
import { createRequestTemplate, echoWord } from './request-template.ts';

type Behaviour = (response: ServerResponse, requestText: string) => void;

const completed = (text: string): string => JSON.stringify({ state: 'TASK_STATE_COMPLETED', text });

/** Runs one connection until it has seen `until` outcomes; answers how many were right and what went wrong. */
async function outcomesOf(behave: Behaviour, until: number): Promise<{ answers: number[]; errors: string[] }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => behave(response, /"text":"([^"]*)"/.exec(Buffer.concat(chunks).toString())?.[1] ?? ''));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answers: number[] = [];
  const errors: string[] = [];
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const count = (): void => void (answers.length + errors.length >= until && resolve());
  const loop = new ClosedLoop({
    host: '127.0.0.1',
    port,
    noncePrefix: 'abc',
    templates: [1, 2].map(() => createRequestTemplate('x', { path: '/' }, 300)),
    firstTarget: 1,
    answer: 'task',
    onAnswer: (target) => (answers.push(target), count()),
    onError: (reason) => (errors.push(reason), count()),
  });
  loop.start();
  await enough;
  await loop.finish(1000);
  server.closeAllConnections();
  server.close();
  return { answers, errors };
}

describe('a closed loop', () => {
  it('counts right answers and takes its targets round robin', async () => {
    const { answers, errors } = await outcomesOf((response, text) => response.end(completed(echoWord + text)), 10);
    assert.deepEqual(answers.slice(0, 4), [1, 0, 1, 0]);
    assert.deepEqual(errors, []);
  });

  it('goes on when the server closes after each answer', async () => {
    const { answers, errors } = await outcomesOf((response, text) => {
      response.setHeader('connection', 'close');
      response.end(completed(echoWord + text));
    }, 5);
    assert.ok(answers.length >= 5);
    assert.deepEqual(errors, []);
  });

  const faults: Record<string, Behaviour> = {
    'an answer to another request': (response) => response.end(completed(`${echoWord}abc00000000000009999 xxx`)),
    'the request quoted without an echo': (response, text) => response.end(completed(text)),
    'a task that did not complete': (response, text) => response.end(JSON.stringify({ text: echoWord + text })),
    'an error status': (response, text) => response.writeHead(503).end(completed(echoWord + text)),
    'a broken connection': (response) => response.socket?.destroy(),
  };
  for (const [name, behave] of Object.entries(faults)) {
    it(`counts ${name} as an error and never as an answer`, async () => {
      const { answers, errors } = await outcomesOf(behave, 3);
      assert.deepEqual(answers, []);
      assert.ok(errors.length >= 3);
    });
  }

  it('abandons a server that only fails', async () => {
    const { errors } = await outcomesOf((response) => response.socket?.destroy(), 21);
    assert.match(errors.at(-1) ?? '', /abandoned/);
  });
});
