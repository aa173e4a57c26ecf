import { randomUUID } from 'node:crypto';
import type { Message, SendMessageResponse, StreamResponse, Task, TaskState } from '@colloquy/protocol';
import { eventually } from '@colloquy/testkit';
import type { ErrorCode } from '../src/kernel/error-catalog.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import type { PlatformErrorOptions } from '../src/kernel/errors.ts';
import type { Upstream, UpstreamCall, UpstreamMessage } from '../src/modules/gateway/index.ts';

type Method = keyof Upstream;

/** One call that the platform made to the agent; the test answers it word by word. */
export class AgentCall {
  readonly method: Method;
  readonly call: UpstreamCall;
  readonly message: UpstreamMessage | null;
  readonly upstreamTaskId: string | null;
  readonly #items: StreamResponse[] = [];
  #ending: { readonly error: Error | null } | null = null;
  #wake: () => void = () => undefined;

  constructor(method: Method, call: UpstreamCall, said: { message?: UpstreamMessage; upstreamTaskId?: string }) {
    this.method = method;
    this.call = call;
    this.message = said.message ?? null;
    this.upstreamTaskId = said.upstreamTaskId ?? null;
    call.signal.addEventListener('abort', () => this.fail('request.canceled'), { once: true });
    if (call.signal.aborted) this.fail('request.canceled');
  }

  /** Whether the platform has hung up. */
  get isAborted(): boolean {
    return this.call.signal.aborted;
  }

  say(...items: readonly StreamResponse[]): this {
    this.#items.push(...items);
    this.#wake();
    return this;
  }

  end(): void {
    this.#finish(null);
  }

  fail(code: ErrorCode, options: PlatformErrorOptions = {}): void {
    this.#finish(new PlatformError(code, options));
  }

  async *stream(): AsyncGenerator<StreamResponse, void, undefined> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#ending?.error instanceof Error) throw this.#ending.error;
      else if (this.#ending !== null) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async first(): Promise<StreamResponse> {
    for await (const item of this.stream()) return item;
    throw new PlatformError('upstream.invalid-answer');
  }

  #finish(error: Error | null): void {
    this.#ending ??= { error };
    this.#wake();
  }
}

/** A remote agent that does what the test says: `onCall` answers by itself, or the test takes each call and answers it by hand. */
export class ScriptedAgent implements Upstream {
  readonly calls: AgentCall[] = [];
  onCall: (call: AgentCall) => void = () => undefined;
  #taken = 0;

  /** The next call that the test has not taken yet. */
  async nextCall(method?: Method): Promise<AgentCall> {
    const call = await eventually(`the agent is called (${method ?? 'anyhow'})`, () => this.calls[this.#taken]);
    this.#taken += 1;
    if (method !== undefined && call.method !== method) throw new Error(`The agent was called by ${call.method}.`);
    return call;
  }

  async send(call: UpstreamCall, message: UpstreamMessage): Promise<SendMessageResponse> {
    const item = await this.#begin('send', call, { message }).first();
    if (item.task !== undefined || item.message !== undefined) return item;
    throw new PlatformError('upstream.invalid-answer');
  }

  stream(call: UpstreamCall, message: UpstreamMessage): AsyncIterable<StreamResponse> {
    return this.#begin('stream', call, { message }).stream();
  }

  async getTask(call: UpstreamCall, upstreamTaskId: string): Promise<Task> {
    return taskOf(await this.#begin('getTask', call, { upstreamTaskId }).first());
  }

  async cancelTask(call: UpstreamCall, upstreamTaskId: string): Promise<Task> {
    return taskOf(await this.#begin('cancelTask', call, { upstreamTaskId }).first());
  }

  subscribe(call: UpstreamCall, upstreamTaskId: string): AsyncIterable<StreamResponse> {
    return this.#begin('subscribe', call, { upstreamTaskId }).stream();
  }

  #begin(method: Method, call: UpstreamCall, said: { message?: UpstreamMessage; upstreamTaskId?: string }): AgentCall {
    const made = new AgentCall(method, call, said);
    this.calls.push(made);
    this.onCall(made);
    return made;
  }
}

function taskOf({ task }: StreamResponse): Task {
  if (task === undefined) throw new PlatformError('upstream.invalid-answer');
  return task;
}

/** The agent's own context; the platform never shows it. */
const contextId = 'agent-context';

/** A task as the agent tells it. */
export function taskTold(id: string, state: TaskState, more: Partial<Task> = {}): StreamResponse {
  return { task: { id, contextId, status: { state }, ...more } };
}

export function statusTold(taskId: string, state: TaskState, text?: string): StreamResponse {
  const message = text === undefined ? {} : { message: words(text) };
  return { statusUpdate: { taskId, contextId, status: { state, ...message } } };
}

export function artifactTold(
  taskId: string,
  text: string,
  flags: { append?: boolean; lastChunk?: boolean } = {},
): StreamResponse {
  return { artifactUpdate: { taskId, contextId, artifact: { artifactId: 'a', parts: [{ text }] }, ...flags } };
}

export function messageTold(text: string): StreamResponse {
  return { message: words(text) };
}

/** Words of the agent. */
export function words(text: string): Message {
  return { messageId: randomUUID(), role: 'ROLE_AGENT', parts: [{ text }] };
}
