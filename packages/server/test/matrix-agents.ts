import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  AgentCard,
  Message,
  OperationRequest,
  Part,
  SendMessageRequest,
  StreamResponse,
  Task,
} from '@colloquy/protocol';
import { applyEvent, isActive } from '@colloquy/protocol';
import { defaultDecodeLimits } from '@colloquy/protocol/codec';
import { encodeJsonRpcResult } from '@colloquy/protocol/jsonrpc';
import { StreamEncoder } from '@colloquy/protocol/v0_1';
import { encodeStreamResponse } from '@colloquy/protocol/v1';
import type { RestForm, RpcForm } from '../src/surfaces/a2a/wire-form.ts';
import { nameOf, rpcV01 } from '../src/surfaces/a2a/wire-v0-1.ts';
import { restV03, rpcV03 } from '../src/surfaces/a2a/wire-v0-3.ts';
import { restV1, rpcV1 } from '../src/surfaces/a2a/wire-v1.ts';

/** An agent that speaks one wire exactly, does what its message says, and remembers how it understood it. */
export interface WireAgent extends AsyncDisposable {
  readonly card: AgentCard;
  /** The sends it heard, in the words of the model. */
  readonly heard: SendMessageRequest[];
  /** Lets every task go on that holds. */
  release(): void;
}

/** Every wire of agents. A wire is added here, in one line. */
export const agents: Readonly<Record<string, (name: string) => Promise<WireAgent>>> = {
  '1.0 JSONRPC': (name) => startAgent(name, 'JSONRPC', overRpc(rpcV1)),
  '1.0 HTTP+JSON': (name) => startAgent(name, 'HTTP+JSON', overRest(restV1)),
  '0.3 JSONRPC': (name) => startAgent(name, 'JSONRPC', overRpc(rpcV03)),
  '0.3 HTTP+JSON': (name) => startAgent(name, 'HTTP+JSON', overRest(restV03)),
  '0.1 JSONRPC': (name) => startAgent(name, 'JSONRPC', overRpc(rpcV01)),
};

interface Exchange {
  readonly verb: string;
  readonly path: string;
  readonly body: unknown;
}

/** One wire as its server speaks it. */
interface AgentWire {
  readonly version: string;
  readonly decode: (exchange: Exchange) => OperationRequest;
  /** How the results of one call are written. */
  readonly resultsOf: (call: OperationRequest) => CallResults;
  readonly frame: (exchange: Exchange, json: string) => string;
}

interface CallResults {
  readonly task: (task: Task) => string;
  /** An event may be several on this wire. */
  readonly events: (event: StreamResponse) => readonly string[];
}

function resultsIn(form: RpcForm | RestForm): AgentWire['resultsOf'] {
  return (call) => {
    const { task, event } = form.resultsOf?.(call) ?? form.results;
    const named = form.namesTasks === true ? new StreamEncoder(nameOf(call)) : null;
    return { task, events: (told) => named?.encode(told) ?? [event(encodeStreamResponse(told))] };
  };
}

interface Envelope {
  readonly id: string;
  readonly method: string;
  readonly params: unknown;
}

function overRpc(form: RpcForm): AgentWire {
  // The platform's own requests, which are well-formed.
  const envelopeOf = ({ body }: Exchange): Envelope => body as Envelope;
  return {
    version: form.version,
    resultsOf: resultsIn(form),
    decode(exchange) {
      const { method, params } = envelopeOf(exchange);
      const operation = form.operationOf(method);
      if (operation === undefined) throw new Error(`no method ${method}`);
      return form.decode(operation, params, defaultDecodeLimits);
    },
    frame: (exchange, json) => encodeJsonRpcResult(envelopeOf(exchange).id, json),
  };
}

function overRest(form: RestForm): AgentWire {
  return {
    version: form.version,
    resultsOf: resultsIn(form),
    decode({ verb, path, body }) {
      const url = new URL(path, 'http://agent');
      const match = form.match(verb, url.pathname);
      if (match.kind !== 'match') throw new Error(`no operation at ${verb} ${path}`);
      return form.decode(match.operation, { params: match.params, query: url.searchParams, body }, defaultDecodeLimits);
    },
    frame: (_exchange, json) => json,
  };
}

async function startAgent(name: string, protocolBinding: string, wire: AgentWire): Promise<WireAgent> {
  const brain = new Brain();
  const server = createServer((request, response) => {
    serve(brain, wire, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    card: {
      name,
      description: 'Does what it is told.',
      version: '1',
      supportedInterfaces: [
        { url: `http://127.0.0.1:${address.port}/a2a`, protocolBinding, protocolVersion: wire.version },
      ],
      capabilities: { streaming: true },
      defaultInputModes: ['*/*'],
      defaultOutputModes: ['text/plain'],
      skills: [],
    },
    heard: brain.heard,
    release: () => brain.release(),
    async [Symbol.asyncDispose]() {
      brain.release();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function serve(brain: Brain, wire: AgentWire, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const path = (request.url ?? '').slice('/a2a'.length);
  const exchange = { verb: request.method ?? '', path, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  const call = wire.decode(exchange);
  const results = wire.resultsOf(call);
  const answer = (json: string): void => {
    response.setHeader('content-type', 'application/json').end(wire.frame(exchange, json));
  };
  switch (call.operation) {
    case 'SendStreamingMessage':
      response.setHeader('content-type', 'text/event-stream');
      for await (const event of brain.act(call.request)) {
        for (const json of results.events(event)) response.write(`data: ${wire.frame(exchange, json)}\n\n`);
      }
      response.end();
      return;
    case 'GetTask':
      return answer(results.task(brain.task(call.request.id)));
    case 'CancelTask':
      brain.release();
      return answer(results.task(brain.task(call.request.id)));
    default:
      throw new Error(`not asked of a streaming agent: ${call.operation}`);
  }
}

const words = (text: string): Message => ({ messageId: `said ${text}`, role: 'ROLE_AGENT', parts: [{ text }] });

/** What an agent does, whatever its wire: the first text of a message says what. */
class Brain {
  readonly heard: SendMessageRequest[] = [];
  readonly #tasks = new Map<string, Task>();
  readonly #held = new Set<() => void>();

  release(): void {
    for (const go of this.#held) go();
    this.#held.clear();
  }

  task(id: string): Task {
    const task = this.#tasks.get(id);
    if (task === undefined) throw new Error(`no task ${id}`);
    return task;
  }

  async *act(request: SendMessageRequest): AsyncGenerator<StreamResponse, void, undefined> {
    this.heard.push(request);
    const { message } = request;
    const [first] = message.parts;
    if (first?.text === 'reply') return yield { message: { ...words('replied'), metadata: { said: true } } };
    const id = message.taskId ?? `agent-task-${this.#tasks.size + 1}`;
    const known = this.#tasks.get(id);
    const contextId = message.contextId ?? known?.contextId ?? 'agent-context';
    const task: Task = known ?? {
      id,
      contextId,
      status: { state: 'TASK_STATE_SUBMITTED' },
      metadata: { agent: 'ours' },
    };
    for await (const event of told({ id, contextId, message, hold: () => this.#hold() }, task)) {
      this.#tasks.set(id, applyEvent(this.#tasks.get(id) ?? task, event));
      yield event;
    }
  }

  #hold(): Promise<void> {
    return new Promise((resolve) => this.#held.add(resolve));
  }
}

interface AgentScript {
  readonly id: string;
  readonly contextId: string;
  readonly message: Message;
  readonly hold: () => Promise<void>;
}

async function* told(script: AgentScript, task: Task): AsyncGenerator<StreamResponse, void, undefined> {
  const { id: taskId, contextId, message, hold } = script;
  const status = (
    state: Task['status']['state'],
    text: string,
    metadata?: { readonly step: number },
  ): StreamResponse => ({
    statusUpdate: {
      taskId,
      contextId,
      status: { state, message: words(text) },
      ...(metadata === undefined ? {} : { metadata }),
    },
  });
  const artifact = (parts: readonly Part[], over: object = {}): StreamResponse => ({
    artifactUpdate: { taskId, contextId, artifact: { artifactId: 'a', name: 'made', parts }, ...over },
  });
  yield { task };
  switch (message.parts[0]?.text) {
    case 'ask':
      return yield status('TASK_STATE_INPUT_REQUIRED', 'Which one?');
    case 'reject':
      return yield status('TASK_STATE_REJECTED', 'Not this.');
    case 'chunks':
      yield status('TASK_STATE_WORKING', 'At it.', { step: 1 });
      yield artifact([{ text: 'one ' }]);
      yield artifact([{ text: 'two ' }], { append: true });
      yield artifact([{ text: 'three' }], { append: true, lastChunk: true });
      break;
    case 'hold':
      yield status('TASK_STATE_WORKING', 'Holding.');
      await hold();
      break;
    default:
      yield artifact(message.parts, { metadata: { kept: true } });
  }
  if (isActive(task.status.state) || message.taskId !== undefined)
    yield status('TASK_STATE_COMPLETED', 'Done.', { step: 2 });
}
