import type { ServerResponse } from 'node:http';
import { AgentTask } from './agent-task.ts';
import { agents, slotsOf } from './behaviour.ts';
import type { AgentName } from './behaviour.ts';

/** One JSON-RPC call to an agent of the run. */
export interface AgentCall {
  readonly id: string | number | null;
  readonly method: string;
  readonly params?: {
    readonly id?: string;
    readonly message?: { readonly messageId: string; readonly contextId?: string };
  };
}

/** What an agent is told of by the work it does, at the moment it happens. */
export interface WorkListener {
  /** The work of a message begins. */
  onEffect(messageId: string): void;
  /** An agent with slots begins or ends the work of a message, and has so many of them at work now. */
  onWork(type: 'began' | 'ended', messageId: string, atWork: number): void;
}

/** Answers the A2A 1.0 calls of one agent: SendMessage, SendStreamingMessage, GetTask and SubscribeToTask. */
export class AgentCalls {
  readonly #agent: AgentName;
  readonly #listener: WorkListener;
  readonly #tasks = new Map<string, AgentTask>();
  readonly #taskOfMessage = new Map<string, AgentTask>();
  #atWork = 0;

  constructor(agent: AgentName, listener: WorkListener) {
    this.#agent = agent;
    this.#listener = listener;
  }

  async answer(call: AgentCall, response: ServerResponse): Promise<void> {
    const { message, id = '' } = call.params ?? {};
    const isSend = call.method === 'SendMessage' || call.method === 'SendStreamingMessage';
    const task = isSend && message !== undefined ? this.#start(message) : this.#tasks.get(id);
    if (task === undefined) return refuse(response, call, { code: -32001, message: 'There is no such task.' });
    switch (call.method) {
      case 'SendMessage':
        await task.finished;
        return succeed(response, call, { task: task.snapshot() });
      case 'GetTask':
        return succeed(response, call, task.snapshot());
      case 'SendStreamingMessage':
        return stream(response, call, task);
      case 'SubscribeToTask':
        if (!task.isDone) return stream(response, call, task);
        return refuse(response, call, { code: -32004, message: 'The task has ended.' });
      default:
        return refuse(response, call, { code: -32601, message: 'This agent does not know the method.' });
    }
  }

  #start(message: { messageId: string; contextId?: string }): AgentTask {
    const known = agents[this.#agent].idempotent ? this.#taskOfMessage.get(message.messageId) : undefined;
    if (known !== undefined) return known;
    this.#listener.onEffect(message.messageId);
    const task = new AgentTask(this.#agent, message.messageId, message.contextId);
    if (slotsOf(this.#agent) !== null) this.#count(task, message.messageId);
    this.#tasks.set(task.id, task);
    this.#taskOfMessage.set(message.messageId, task);
    return task;
  }

  /** Asked for before anybody waits for the task, so that its end is noted before the platform hears of it. */
  #count(task: AgentTask, messageId: string): void {
    this.#atWork += 1;
    this.#listener.onWork('began', messageId, this.#atWork);
    void task.finished.then(() => {
      this.#atWork -= 1;
      this.#listener.onWork('ended', messageId, this.#atWork);
    });
  }
}

function stream(response: ServerResponse, call: AgentCall, task: AgentTask): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const tell = (result: object): void =>
    void response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', id: call.id, result })}\n\n`);
  tell({ task: task.snapshot() });
  if (task.isDone) return void response.end();
  const leave = task.listen(tell);
  response.once('close', leave);
  void task.finished.then(() => response.end());
}

function succeed(response: ServerResponse, call: AgentCall, result: object): void {
  reply(response, { jsonrpc: '2.0', id: call.id, result });
}

function refuse(response: ServerResponse, call: AgentCall, error: { code: number; message: string }): void {
  reply(response, { jsonrpc: '2.0', id: call.id, error });
}

function reply(response: ServerResponse, body: object): void {
  const json = Buffer.from(JSON.stringify(body));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': json.length });
  response.end(json);
}
