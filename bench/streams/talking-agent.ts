/**
 * Two agents in a process of their own, A2A 1.0 over JSON-RPC. `hold` keeps each task open and says a piece on all of them when it is
 * told `say <n>`, and ends them when it is told `end`. `talk` says its first word at once, then a few pieces with pauses, and is done.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { agentCard } from '../process/agent-card.ts';
import { announce } from '../process/ready.ts';
import { talk } from './plan.ts';
import { pieceText } from './words.ts';

interface Call {
  readonly id: string | number;
  readonly method: string;
}

/** A held task says that it is there more often than the platform would give it up for its silence. */
const signOfLifeMs = 15_000;

/** One task, told on the stream that asked for it. */
class ToldTask {
  readonly #response: ServerResponse;
  readonly #callId: Call['id'];
  readonly #ids = { taskId: randomUUID(), contextId: randomUUID() };
  #pieces = 0;

  constructor(response: ServerResponse, callId: Call['id']) {
    this.#response = response;
    this.#callId = callId;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const { taskId: id, contextId } = this.#ids;
    this.#tell({ task: { id, contextId, status: this.#status('TASK_STATE_WORKING') } });
  }

  say(text: string): void {
    const artifact = { artifactId: 'words', parts: [{ text }] };
    this.#tell({ artifactUpdate: { ...this.#ids, artifact, append: this.#pieces > 0 } });
    this.#pieces += 1;
  }

  /** A comment. */
  live(): void {
    this.#response.write(': \n\n');
  }

  end(): void {
    this.#tell({ statusUpdate: { ...this.#ids, status: this.#status('TASK_STATE_COMPLETED') } });
    this.#response.end();
  }

  #status(state: string): object {
    return { state, timestamp: new Date().toISOString() };
  }

  #tell(result: object): void {
    this.#response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', id: this.#callId, result })}\n\n`);
  }
}

const held = new Set<ToldTask>();

async function speak(task: ToldTask): Promise<void> {
  for (let piece = 1; piece <= talk.pieces; piece += 1) {
    await wait(talk.pauseMs);
    task.say(pieceText(piece));
  }
  task.end();
}

const server = createServer((request, response) => {
  const [, name = ''] = (request.url ?? '').split('/');
  if (request.method === 'GET') {
    const card = agentCard({ name, url: `${url}${name}/`, streaming: true });
    return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(card));
  }
  json(request)
    .then((body) => {
      const { id, method } = body as Call;
      if (method !== 'SendStreamingMessage') {
        const error = { code: -32601, message: 'This agent does not know the method.' };
        return void response.end(JSON.stringify({ jsonrpc: '2.0', id, error }));
      }
      const task = new ToldTask(response, id);
      if (name === 'hold') held.add(task);
      else void speak(task);
    })
    .catch(() => response.writeHead(400).end());
});

process.on('message', (message) => {
  const [word, number] = String(message).split(' ');
  for (const task of held) {
    if (word === 'say') task.say(pieceText(Number(number)));
    if (word === 'end') task.end();
  }
});

setInterval(() => held.forEach((task) => task.live()), signOfLifeMs).unref();

const url = await announce(server);
