import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { applyEvent, isTerminal } from '@colloquy/protocol';
import type { StreamResponse, Task } from '@colloquy/protocol';
import { SseParser } from '@colloquy/protocol/sse';
import { serveAgent, text } from '@colloquy/sdk/agent';

/** An agent that answers at once, or says pieces when it is asked for some: `pieces 12`; of `held 12` it says half before it is released. */
export interface TalkingAgent extends AsyncDisposable {
  readonly cardUrl: string;
  /** The first words of everything it was told, as often as it was told them. */
  readonly heard: readonly string[];
  /** Lets what is held go on; what comes later is held again. */
  release(): void;
}

const pieceMs = 100;

export async function startTalkingAgent(): Promise<TalkingAgent> {
  const heard: string[] = [];
  let released = Promise.withResolvers<void>();
  const server = await serveAgent({
    card: { name: 'Talker', description: 'Talks.', skills: [] },
    idempotent: true,
    async handle(message, task) {
      const words = text(message);
      heard.push(words);
      const [, manner, count] = /^(pieces|held) (\d+)/.exec(words) ?? [];
      const { promise: held } = released;
      const pieces = Number(count ?? 0);
      for (let said = 1; said <= pieces; said += 1) {
        if (manner === 'held' && said === pieces / 2 + 1) await held;
        await task.artifact({ id: 'talk', parts: `${said} `, append: said > 1 });
        await new Promise((resolve) => setTimeout(resolve, pieceMs));
      }
      await task.complete('Done.');
    },
  });
  return {
    cardUrl: new URL('/.well-known/agent-card.json', server.url).href,
    heard,
    release() {
      released.resolve();
      released = Promise.withResolvers();
    },
    [Symbol.asyncDispose]: () => server.close({ graceMs: 0 }),
  };
}

export interface Callee {
  /** Address of the agent, at the proxy or at one process. */
  readonly agentUrl: string;
  readonly token: () => Promise<string>;
}

const streamCursor = 'urn:colloquy:extension:stream-cursor:v1';
const messageOf = (words: string, messageId: string) => ({
  message: { messageId, role: 'ROLE_USER', parts: [{ text: words }] },
});

/** One POST, once: nothing is tried again, so that what fails is seen. */
async function post({ agentUrl, token }: Callee, path: string, body: object, more: object = {}): Promise<Response> {
  const authorization = `Bearer ${await token()}`;
  return fetch(agentUrl + path, {
    method: 'POST',
    headers: {
      authorization,
      'content-type': 'application/json',
      'a2a-version': '1.0',
      'a2a-extensions': streamCursor,
      ...more,
    },
    body: JSON.stringify(body),
  });
}

/** Sends and waits for the end; answers the task's id. Throws for any other answer than a completed task. */
export async function sendOnce(callee: Callee, words: string, messageId: string = randomUUID()): Promise<string> {
  const answer = await post(callee, '/message:send', messageOf(words, messageId));
  const body = await answer.text();
  assert.equal(answer.status, 200, body);
  const { task } = JSON.parse(body) as StreamResponse;
  assert.equal(task?.status.state, 'TASK_STATE_COMPLETED', body);
  return task.id;
}

/** A stream as its reader has it, over as many connections as it took. */
export interface ReadStream {
  readonly taskId: string;
  /** The numbers of its events as they came. */
  readonly seqs: readonly number[];
  readonly output: string;
  /** Connections beyond the first. */
  readonly resumes: number;
  /** Those that ended in the middle of something instead of in order. */
  readonly cuts: number;
  /** Connections beyond the first that the proxy answered 502: it had an open one to a process that was just dying. */
  readonly refusals: number;
}

const resumesMax = 40;

/** Streams a message to its end. A connection that ends before the task is followed by another one, after the last event seen. */
export class StreamReader {
  readonly #callee: Callee;
  #task: Task = { id: '', status: { state: 'TASK_STATE_UNSPECIFIED' } };
  readonly #seqs: number[] = [];
  #resumes = 0;
  #cuts = 0;
  #refusals = 0;

  constructor(callee: Callee) {
    this.#callee = callee;
  }

  get output(): string {
    const parts = (this.#task.artifacts ?? []).flatMap((artifact) => artifact.parts);
    return parts.map((part) => ('text' in part ? part.text : '')).join('');
  }

  get taskId(): string {
    return this.#task.id;
  }

  /** Connections beyond the first, by now. */
  get resumes(): number {
    return this.#resumes;
  }

  async read(words: string, messageId: string = randomUUID()): Promise<ReadStream> {
    const message = messageOf(words, messageId);
    const open = (): Promise<Response> =>
      post(
        this.#callee,
        '/message:stream',
        message,
        this.#seqs.length === 0 ? {} : { 'last-event-id': String(this.#seqs.at(-1)) },
      );
    await this.#take(await open());
    while (!isTerminal(this.#task.status.state)) {
      assert.ok(this.#resumes < resumesMax, `a stream was resumed ${resumesMax} times`);
      this.#resumes += 1;
      await this.#take(await open());
    }
    return {
      taskId: this.taskId,
      seqs: this.#seqs,
      output: this.output,
      resumes: this.#resumes,
      cuts: this.#cuts,
      refusals: this.#refusals,
    };
  }

  async #take(response: Response): Promise<void> {
    if (response.status === 502 && this.#resumes > 0) {
      this.#refusals += 1;
      await response.body?.cancel();
      return;
    }
    if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
      throw new Error(`no stream: ${response.status} ${await response.text()}`);
    }
    const parser = new SseParser({ eventBytesMax: 1024 * 1024 });
    try {
      for await (const bytes of response.body ?? []) {
        for (const { data, lastEventId } of parser.push(bytes as Uint8Array)) this.#note(data, lastEventId);
      }
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      this.#cuts += 1;
    }
  }

  #note(data: string, id: string): void {
    this.#seqs.push(Number(id));
    this.#task = applyEvent(this.#task, JSON.parse(data) as StreamResponse);
  }
}

/** What a stream of so many pieces has to say. */
export const outputOf = (pieces: number): string => Array.from({ length: pieces }, (_, at) => `${at + 1} `).join('');

/** No gap and no repeat: 1, 2, 3 … and every word once. */
export function assertWhole({ seqs, output }: ReadStream, pieces: number): void {
  assert.deepEqual(
    seqs,
    Array.from({ length: seqs.length }, (_, at) => at + 1),
  );
  assert.equal(output, outputOf(pieces));
}
