import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { stepsFor } from './script.ts';
import type { HeardMessage, Step } from './script.ts';
import { TaskPlay } from './task-play.ts';
import type { PlayedEvent } from './task-play.ts';

/** A call as it reached the agent. */
export interface HeardCall {
  readonly headers: IncomingHttpHeaders;
  readonly id: unknown;
  readonly method: string;
  readonly params: {
    readonly id?: string;
    readonly tenant?: string;
    readonly message?: HeardMessage;
    readonly metadata?: object;
    readonly configuration?: object;
  };
}

const callsKeptMax = 10_000;

/** The JSON-RPC endpoint of the harness agent: A2A 1.0, with streaming, tasks in memory. */
export class AgentEndpoint {
  /** The latest calls, oldest first. */
  readonly heard: HeardCall[] = [];
  readonly #plays = new Map<string, TaskPlay>();

  /** Lets a message that holds go on. */
  release(messageId: string): boolean {
    return [...this.#plays.values()].some((play) => play.release(messageId));
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id, method, params } = (await json(request)) as Partial<Omit<HeardCall, 'headers'>>;
    const call: HeardCall = { headers: request.headers, id, method: method ?? '', params: params ?? {} };
    if (this.heard.push(call) > callsKeptMax) this.heard.shift();
    switch (method) {
      case 'SendMessage':
      case 'SendStreamingMessage':
        return this.#send(call, response, method === 'SendStreamingMessage');
      case 'SubscribeToTask':
        return this.#subscribe(call, response);
      case 'GetTask':
        return this.#withTask(call, response, ({ task }) => task);
      case 'CancelTask':
        return this.#withTask(call, response, (play) => {
          play.cancel();
          return play.task;
        });
      default:
        return fail(call, response, -32601, 'There is no such method.');
    }
  }

  async #send(call: HeardCall, response: ServerResponse, isStreaming: boolean): Promise<void> {
    const { message } = call.params;
    if (message === undefined) return fail(call, response, -32602, 'There is no message.');
    const steps = stepsFor(message);
    const shortcut = shortAnswer(message, steps);
    if (shortcut !== undefined) return isStreaming ? sse(call, response, [shortcut]) : result(call, response, shortcut);
    const known = message.taskId === undefined ? undefined : this.#plays.get(message.taskId);
    if (message.taskId !== undefined && known === undefined) return fail(call, response, -32001, 'Task not found');
    const play = known ?? new TaskPlay(message.contextId);
    this.#plays.set(play.task.id, play);
    if (isStreaming) this.#stream(call, response, play);
    await play.play(message, steps);
    if (!isStreaming) result(call, response, { task: play.task });
    else if (!response.writableEnded) response.end();
  }

  #subscribe(call: HeardCall, response: ServerResponse): void {
    const play = this.#plays.get(call.params.id ?? '');
    if (play === undefined) return fail(call, response, -32001, 'Task not found');
    if (play.isOver) return fail(call, response, -32004, 'The task has ended.');
    this.#stream(call, response, play);
  }

  /** The task as it stands, then what happens to it, until it rests. */
  #stream(call: HeardCall, response: ServerResponse, play: TaskPlay): void {
    sse(call, response, [{ task: structuredClone(play.task) }], true);
    const stop = play.listen((event) => {
      response.write(frame(call, event));
      if (play.isOver) response.end();
    });
    response.once('close', stop);
  }

  #withTask(call: HeardCall, response: ServerResponse, use: (play: TaskPlay) => object): void {
    const play = this.#plays.get(call.params.id ?? '');
    if (play === undefined) fail(call, response, -32001, 'Task not found');
    else if (call.method === 'CancelTask' && play.isOver) fail(call, response, -32002, 'The task has ended.');
    else result(call, response, use(play));
  }
}

/** An answer that makes no task. */
function shortAnswer({ contextId }: HeardMessage, [first]: readonly Step[]): PlayedEvent | undefined {
  if (first === undefined) return undefined;
  if ('garbage' in first) return first.garbage as PlayedEvent;
  if (!('reply' in first)) return undefined;
  const parts = [{ text: first.reply }];
  return { message: { messageId: randomUUID(), role: 'ROLE_AGENT', contextId: contextId ?? randomUUID(), parts } };
}

const frame = ({ id }: HeardCall, event: PlayedEvent): string =>
  `data: ${JSON.stringify({ jsonrpc: '2.0', id, result: event })}\n\n`;

function sse(call: HeardCall, response: ServerResponse, events: readonly PlayedEvent[], isOpen = false): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(frame(call, event));
  if (!isOpen) response.end();
}

function result({ id }: HeardCall, response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result: value }));
}

function fail({ id }: HeardCall, response: ServerResponse, code: number, message: string): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }));
}
