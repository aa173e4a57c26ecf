import { isTerminal } from '@colloquy/protocol';
import type { StreamResponse, Task } from '@colloquy/protocol';
import type { OperationRecord } from '../checks/evidence.ts';
import { rowState } from '../checks/task-log.ts';
import type { SeededRandom } from '../../seeded-random.ts';
import type { Journal } from './journal.ts';
import { backOff } from './platform-client.ts';
import type { Call, PlatformClient, StreamedFrame, Try } from './platform-client.ts';

/** What one operation works with. */
export interface Work {
  readonly client: PlatformClient;
  readonly journal: Journal;
  readonly random: SeededRandom;
  readonly agent: string;
  /** Also the messageId and the text, unless it follows another's task. */
  readonly operation: string;
  /** An operation that has no answer after this time ends; the checks then find it as one that never ended. */
  readonly msMax: number;
  /** For a watch: the task of another operation's message. */
  readonly follows?: { readonly taskId: string; readonly messageId: string };
  /** Called once, when a stream has learnt of its task. */
  readonly onTask?: (taskId: string) => void;
}

const unsupportedOperation = -32004;
/** One stream in so many is cut by its own client, after some events. */
const cutOneIn = 6;

const messageOf = (operation: string): object => ({
  messageId: operation,
  role: 'ROLE_USER',
  parts: [{ text: operation }],
});

/** Runs one operation to its end and notes everything about it. */
export async function perform(kind: OperationRecord['kind'], work: Work): Promise<void> {
  const { journal, operation, agent, follows, msMax } = work;
  const followed = follows === undefined ? {} : { follows: follows.messageId };
  journal.write({ operation, type: 'invoke', agent, kind, ...followed });
  const deadline = { atMs: performance.now() + msMax };
  if (kind === 'send') await send(work, deadline);
  else if (kind === 'poll') await poll(work, deadline);
  else await new StreamReader(work, deadline).follow(kind);
}

interface Deadline {
  readonly atMs: number;
}

async function send(work: Work, deadline: Deadline): Promise<void> {
  const answer = await untilAnswered<{ task: Task }>(work, deadline, {
    agent: work.agent,
    method: 'SendMessage',
    params: { message: messageOf(work.operation) },
  });
  if (answer === undefined) return;
  acknowledge(work, answer.task);
  finish(work, answer.task);
}

async function poll(work: Work, deadline: Deadline): Promise<void> {
  const { agent, operation } = work;
  const params = { message: messageOf(operation), configuration: { returnImmediately: true } };
  const answer = await untilAnswered<{ task: Task }>(work, deadline, { agent, method: 'SendMessage', params });
  if (answer === undefined) return;
  acknowledge(work, answer.task);
  let { task } = answer;
  while (!isTerminal(task.status.state) && performance.now() < deadline.atMs) {
    await backOff(work.random);
    const next = await untilAnswered<Task>(work, deadline, { agent, method: 'GetTask', params: { id: task.id } });
    if (next === undefined) return;
    task = next;
    acknowledge(work, task);
  }
  finish(work, task);
}

/** One stream over as many connections as it takes. */
class StreamReader {
  readonly #work: Work;
  readonly #deadline: Deadline;
  #taskId: string | undefined;
  #lastSeq: number | undefined;
  #ended: string | undefined;
  /** The platform said that the task has ended. */
  #isPast = false;

  constructor(work: Work, deadline: Deadline) {
    this.#work = work;
    this.#deadline = deadline;
    this.#taskId = work.follows?.taskId;
  }

  async follow(kind: 'stream' | 'watch'): Promise<void> {
    const { journal, operation, random } = this.#work;
    if (kind === 'watch' && this.#taskId === undefined && !(await this.#sendAndLeave())) return;
    let watching = kind === 'watch';
    while (this.#ended === undefined && performance.now() < this.#deadline.atMs) {
      const tried = await this.#connect(watching);
      if (this.#ended !== undefined) break;
      // A task that has ended has no subscribers any more; who says its message again is shown the rest of its log.
      if (tried.kind === 'refused' && tried.code === unsupportedOperation && !this.#isPast) {
        this.#isPast = true;
        watching = false;
      } else if (tried.kind === 'refused') return journal.write({ operation, type: 'fail', reason: tried.reason });
      else {
        const reason = tried.kind === 'unknown' ? tried.reason : 'the stream ended before the task';
        journal.write({ operation, type: 'unknown', reason });
        await backOff(random);
      }
    }
    if (this.#ended !== undefined) journal.write({ operation, type: 'ok', state: this.#ended });
  }

  async #sendAndLeave(): Promise<boolean> {
    const { agent, operation } = this.#work;
    const params = { message: messageOf(operation), configuration: { returnImmediately: true } };
    const answer = await untilAnswered<{ task: Task }>(this.#work, this.#deadline, {
      agent,
      method: 'SendMessage',
      params,
    });
    if (answer === undefined) return false;
    acknowledge(this.#work, answer.task);
    this.#taskId = answer.task.id;
    return true;
  }

  #connect(watching: boolean): Promise<Try<'ended'>> {
    const { client, journal, operation, random } = this.#work;
    const after = this.#lastSeq;
    const isWatch = watching && after === undefined;
    const call = this.#callAfter(isWatch);
    const legKind = isWatch ? 'watch' : call.lastEventId === undefined ? 'send' : 'resume';
    journal.write({ operation, type: 'leg', kind: legKind, after: call.lastEventId ?? null });
    const cutAfter = random.between(1, cutOneIn) === 1 ? random.between(1, 4) : Number.POSITIVE_INFINITY;
    let seen = 0;
    return client.stream(call, {
      opened: () => journal.write({ operation, type: 'opened' }),
      event: (event) => {
        this.#note(event);
        seen += 1;
        return seen < cutAfter && this.#ended === undefined;
      },
    });
  }

  /** A cut stream goes on by a subscription, or by saying the same message again: both continue after the last sequence. */
  #callAfter(isWatch: boolean): Call {
    const { agent, operation, follows, random } = this.#work;
    const message = messageOf(follows?.messageId ?? operation);
    const resend = { agent, method: 'SendStreamingMessage', params: { message } };
    if (this.#taskId === undefined) return resend;
    const subscribe = { agent, method: 'SubscribeToTask', params: { id: this.#taskId } };
    if (isWatch) return subscribe;
    const lastEventId = this.#lastSeq ?? 0;
    return { ...(this.#isPast || random.between(0, 1) === 0 ? resend : subscribe), lastEventId };
  }

  #note(event: StreamedFrame): void {
    const { journal, operation, onTask } = this.#work;
    journal.write({ operation, type: 'event', ...event });
    this.#lastSeq = event.seq;
    const response = JSON.parse(event.json) as StreamResponse;
    if (response.task !== undefined) {
      acknowledge(this.#work, response.task);
      if (this.#taskId === undefined) onTask?.(response.task.id);
      this.#taskId = response.task.id;
    }
    const state = response.statusUpdate?.status.state ?? response.task?.status.state;
    if (state !== undefined && isTerminal(state)) this.#ended = rowState(state);
  }
}

/** Repeats a call until it is answered; nothing when it was refused, which is noted, or the time is up. */
async function untilAnswered<T>(work: Work, deadline: Deadline, call: Call): Promise<T | undefined> {
  const { client, journal, operation, random } = work;
  while (performance.now() < deadline.atMs) {
    const tried = await client.call<T>(call);
    if (tried.kind === 'answer') return tried.value;
    if (tried.kind === 'refused') {
      journal.write({ operation, type: 'fail', reason: tried.reason });
      return undefined;
    }
    journal.write({ operation, type: 'unknown', reason: tried.reason });
    await backOff(random);
  }
  return undefined;
}

function acknowledge({ journal, operation }: Work, task: Task): void {
  journal.write({ operation, type: 'acknowledged', taskId: task.id });
}

function finish({ journal, operation }: Work, task: Task): void {
  if (isTerminal(task.status.state)) journal.write({ operation, type: 'ok', state: rowState(task.status.state) });
}
