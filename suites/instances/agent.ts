/**
 * One instance of every agent of a run, at the port that is the first argument: `/{agent}/` answers SendMessage with a completed task that
 * repeats the text. `POST /ill` makes it answer 500 from then on, `POST /well` ends that, `GET /calls/{agent}` says how often it was called.
 */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { echoWord } from '@colloquy/bench/load/request-template';
import { sayReady } from '@colloquy/bench/process/ready';

interface Call {
  readonly id: string;
  readonly params: { readonly message: { readonly parts: readonly { readonly text: string }[] } };
}

const calls = new Map<string, number>();
let isIll = false;
let tasks = 0;

const server = createServer((request, response) => {
  const [, agent = '', subject = ''] = (request.url ?? '').split('/');
  const answer = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (agent === 'calls') return answer(200, calls.get(subject) ?? 0);
  if (agent === 'ill' || agent === 'well') {
    isIll = agent === 'ill';
    return answer(200, null);
  }
  if (request.method === 'GET') return answer(isIll ? 500 : 200, null);
  calls.set(agent, (calls.get(agent) ?? 0) + 1);
  if (isIll) return answer(500, null);
  json(request).then(
    (call) => answer(200, resultOf(call as Call)),
    () => answer(400, null),
  );
});

function resultOf({ id, params }: Call): object {
  tasks += 1;
  const text = echoWord + params.message.parts.map((part) => part.text).join('');
  const task = {
    id: `up-${process.pid}-${tasks}`,
    contextId: `context-${tasks}`,
    status: { state: 'TASK_STATE_COMPLETED' },
    artifacts: [{ artifactId: 'echo', parts: [{ text }] }],
  };
  return { jsonrpc: '2.0', id, result: { task } };
}

const { promise, resolve } = Promise.withResolvers<void>();
server.listen(Number(process.argv[2]), '127.0.0.1', resolve);
await promise;
sayReady();
