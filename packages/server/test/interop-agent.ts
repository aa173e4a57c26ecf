import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { AGENT_CARD_PATH, AgentCard, Role, TaskState } from '@a2a-js/sdk';
import type { Message, Part, Task } from '@a2a-js/sdk';
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server';
import { A2AService, grpcService } from '@a2a-js/sdk/server/grpc';
import type { AgentExecutor, ExecutionEventBus, RequestContext } from '@a2a-js/sdk/server';
import { UserBuilder, agentCardHandler, jsonRpcHandler, restHandler } from '@a2a-js/sdk/server/express';

/** An agent made of the official SDK's server, as its README shows. */
export interface OfficialAgent extends AsyncDisposable {
  readonly cardUrl: string;
  /** The agent's own ids of the tasks that it was told to cancel. */
  readonly canceled: readonly string[];
  /** What it was told, in order. */
  readonly heard: readonly string[];
}

export interface OfficialAgentOptions {
  readonly name: string;
  readonly streaming: boolean;
  /** Version and binding of its one interface. Default: 1.0 over JSON-RPC. */
  readonly wire?: OfficialWire;
}

/** What the official server speaks; 0.3 by its compatibility layer. */
export type OfficialWire = '1.0 JSONRPC' | '1.0 HTTP+JSON' | '1.0 GRPC' | '0.3 JSONRPC' | '0.3 HTTP+JSON';

interface ExpressApplication extends RequestListener {
  use(path: string, handler: unknown): void;
}

// Express brings no types of its own.
const express = createRequire(import.meta.url)('express') as () => ExpressApplication;

export async function startOfficialAgent(options: OfficialAgentOptions): Promise<OfficialAgent> {
  const { name, streaming, wire = '1.0 JSONRPC' } = options;
  const [protocolVersion, protocolBinding] = wire.split(' ');
  const app = express();
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  const grpc = wire === '1.0 GRPC' ? await startGrpc() : null;
  const card = AgentCard.fromJSON({
    name,
    description: 'Made with the official SDK.',
    version: '1.0.0',
    supportedInterfaces: [{ url: grpc?.address ?? `${url}/a2a`, protocolBinding, protocolVersion }],
    capabilities: { streaming },
    defaultInputModes: ['*/*'],
    defaultOutputModes: ['text/plain'],
    skills: [{ id: 'act', name: 'Act', description: 'Does what the first word says.', tags: ['act'] }],
  });
  const executor = new Executor();
  const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), executor);
  const legacyCompat = { enabled: protocolVersion === '0.3' };
  // A server of 0.3 knows of no version header.
  if (legacyCompat.enabled) app.use('/', forgetVersion);
  app.use(`/${AGENT_CARD_PATH}`, agentCardHandler({ agentCardProvider: requestHandler, legacyCompat }));
  const served = { requestHandler, userBuilder: UserBuilder.noAuthentication, legacyCompat };
  if (grpc === null) app.use('/a2a', protocolBinding === 'JSONRPC' ? jsonRpcHandler(served) : restHandler(served));
  else grpc.server.addService(A2AService, grpcService(served));
  return {
    cardUrl: `${url}/${AGENT_CARD_PATH}`,
    canceled: executor.canceled,
    heard: executor.heard,
    async [Symbol.asyncDispose]() {
      grpc?.server.forceShutdown();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A gRPC server as the SDK's README has it, at a free port. */
async function startGrpc(): Promise<{ readonly server: GrpcServer; readonly address: string }> {
  const server = new GrpcServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { server, address: `127.0.0.1:${port}` };
}

function forgetVersion(request: IncomingMessage, _response: unknown, next: () => void): void {
  delete request.headers['a2a-version'];
  next();
}

/** Acts on the first word of a message. */
class Executor implements AgentExecutor {
  readonly canceled: string[] = [];
  readonly heard: string[] = [];
  readonly #held = new Map<string, () => void>();

  async execute(context: RequestContext, bus: ExecutionEventBus): Promise<void> {
    const said = textOfParts(context.userMessage.parts);
    this.heard.push(said);
    const tell = new Teller(context, bus);
    switch (said.split(' ')[0]) {
      case 'reply':
        return tell.message('Only words.');
      case 'explode':
        throw new Error(`it broke at /srv/agent/secret.ts: ${said}`);
      case 'reject':
        tell.task();
        return tell.status(TaskState.TASK_STATE_REJECTED, 'Not this.');
      case 'ask':
        tell.task();
        return tell.status(TaskState.TASK_STATE_INPUT_REQUIRED, 'How many?');
      case 'break':
        tell.task();
        tell.artifact('half', false);
        throw new Error('it broke half-way');
      case 'hold':
        tell.task();
        tell.status(TaskState.TASK_STATE_WORKING, 'Holding.');
        return new Promise((resolve) => this.#held.set(context.taskId, resolve));
      default:
        tell.task();
        tell.status(TaskState.TASK_STATE_WORKING, 'Counting.');
        tell.artifact('one ', false);
        tell.artifact('two ', true);
        tell.artifact('three', true);
        return tell.status(TaskState.TASK_STATE_COMPLETED, 'Counted.');
    }
  }

  async cancelTask(taskId: string, bus: ExecutionEventBus): Promise<void> {
    this.canceled.push(taskId);
    bus.publish(
      AgentEvent.statusUpdate({
        taskId,
        contextId: '',
        status: { state: TaskState.TASK_STATE_CANCELED, message: undefined, timestamp: new Date().toISOString() },
        metadata: undefined,
      }),
    );
    this.#held.get(taskId)?.();
  }
}

/** Publishes one turn's events in the SDK's words. */
class Teller {
  readonly #context: RequestContext;
  readonly #bus: ExecutionEventBus;

  constructor(context: RequestContext, bus: ExecutionEventBus) {
    this.#context = context;
    this.#bus = bus;
  }

  /** The first event of every turn that works on a task. */
  task(): void {
    const { taskId, contextId, userMessage, task } = this.#context;
    const fresh: Task = {
      id: taskId,
      contextId,
      status: statusOf(TaskState.TASK_STATE_SUBMITTED),
      artifacts: [],
      history: [userMessage],
      metadata: undefined,
    };
    this.#bus.publish(AgentEvent.task(task ?? fresh));
  }

  status(state: TaskState, words: string): void {
    const { taskId, contextId } = this.#context;
    const status = statusOf(state, this.#message(words));
    this.#bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status, metadata: undefined }));
  }

  artifact(words: string, append: boolean): void {
    const { taskId, contextId } = this.#context;
    const artifact = {
      artifactId: 'count',
      name: 'Count',
      description: '',
      parts: partsOf(words),
      metadata: undefined,
      extensions: [],
    };
    this.#bus.publish(
      AgentEvent.artifactUpdate({ taskId, contextId, artifact, append, lastChunk: false, metadata: undefined }),
    );
  }

  message(words: string): void {
    this.#bus.publish(AgentEvent.message(this.#message(words)));
  }

  #message(words: string): Message {
    return {
      messageId: randomUUID(),
      taskId: '',
      contextId: this.#context.contextId,
      role: Role.ROLE_AGENT,
      parts: partsOf(words),
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    };
  }
}

function statusOf(state: TaskState, message?: Message): Task['status'] {
  return { state, message, timestamp: new Date().toISOString() };
}

function partsOf(words: string): Part[] {
  return [{ content: { $case: 'text', value: words }, metadata: undefined, filename: '', mediaType: 'text/plain' }];
}

function textOfParts(parts: readonly Part[]): string {
  return parts.map(({ content }) => (content?.$case === 'text' ? content.value : '')).join('');
}
