import { randomUUID } from 'node:crypto';
import type { Message, Part, SendMessageConfiguration, StreamResponse, Task } from '@colloquy/protocol';
import { applyEvent } from '@colloquy/protocol';
import type { WireAgent } from './matrix-agents.ts';
import { Refused } from './matrix-callers.ts';
import type { WireCaller } from './matrix-callers.ts';

/** Both ends of an exchange. */
export interface Ends {
  readonly caller: WireCaller;
  readonly agent: WireAgent;
}

/** What an exchange came to: how the agent understood it and what the caller got, in the words of the model. */
export interface Seen {
  readonly agent?: unknown;
  readonly caller: unknown;
}

const message = (parts: readonly Part[], over: Partial<Message> = {}): Message => ({
  messageId: randomUUID(),
  role: 'ROLE_USER',
  parts,
  ...over,
});

interface Said {
  readonly over?: Partial<Message>;
  readonly configuration?: SendMessageConfiguration;
  readonly metadata?: { readonly trace: string };
}

const send = (parts: readonly Part[], { over, ...rest }: Said = {}) =>
  ({ operation: 'SendMessage', request: { message: message(parts, over), ...rest } }) as const;
const stream = (text: string) =>
  ({ operation: 'SendStreamingMessage', request: { message: message([{ text }]) } }) as const;
const get = (id: string, historyLength?: number) =>
  ({ operation: 'GetTask', request: { id, ...(historyLength === undefined ? {} : { historyLength }) } }) as const;
const cancel = (id: string) => ({ operation: 'CancelTask', request: { id } }) as const;

async function sentTask({ caller }: Ends, ...said: Parameters<typeof send>): Promise<Task> {
  const { task } = await caller.ask(send(...said));
  if (task === undefined) throw new Error('a message instead of a task');
  return task;
}

/** A stream as its reader has it in the end: how it began and what it came to. */
async function folded(events: AsyncIterable<StreamResponse>): Promise<{ readonly began: string; readonly task: Task }> {
  let task: Task | undefined;
  let began = '';
  for await (const event of events) {
    if (task !== undefined) {
      task = applyEvent(task, event);
      continue;
    }
    task = firstOf(event);
    began = task.status.state;
  }
  if (task === undefined) throw new Error('a stream without a task');
  return { began, task };
}

/** A stream begins with its task; one of a wire that has no whole tasks in streams, with its status. */
function firstOf({ task, statusUpdate }: StreamResponse): Task {
  if (task !== undefined) return task;
  if (statusUpdate === undefined) throw new Error('a stream that does not begin with its task');
  return { id: statusUpdate.taskId, contextId: statusUpdate.contextId, status: statusUpdate.status };
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    return `taken: ${JSON.stringify(await work)}`;
  } catch (error) {
    if (error instanceof Refused) return error.error.name;
    throw error;
  }
}

const everyPart: readonly Part[] = [
  { text: 'parts', mediaType: 'text/markdown', filename: 'a.md', metadata: { of: 'text' } },
  { raw: 'AAEC', mediaType: 'application/x-bytes', filename: 'b.bin', metadata: { of: 'bytes' } },
  { url: 'https://example.org/c.txt', mediaType: 'text/plain', filename: 'c.txt', metadata: { of: 'url' } },
  { data: { order: 17 }, mediaType: 'application/json', metadata: { of: 'data' } },
  { data: [1, 'two', null], metadata: { of: 'list' } },
  { data: 7 },
];

/** A caller that can not have its answer at once gets it when the agent is let go. */
const atOnceMs = 1_000;

/** The twelve exchanges that every pair of wires carries. */
export const exchanges: Readonly<Record<string, (ends: Ends) => Promise<Seen>>> = {
  'a finished task': async (ends) => ({ caller: await sentTask(ends, [{ text: 'work' }]) }),
  'a message for an answer': async ({ caller }) => ({ caller: await caller.ask(send([{ text: 'reply' }])) }),
  'every kind of part': async (ends) => {
    const { artifacts, history } = await sentTask(ends, everyPart);
    return { agent: { parts: ends.agent.heard.at(-1)?.message.parts }, caller: { artifacts, history } };
  },
  'metadata and extensions': async (ends) => {
    const over = { metadata: { lang: 'de' }, extensions: ['https://example.org/ext'] };
    const { history, metadata } = await sentTask(ends, [{ text: 'work' }], { over, metadata: { trace: 't-1' } });
    return { agent: ends.agent.heard.at(-1), caller: { history, metadata } };
  },
  'a reference to an earlier task': async (ends) => {
    const contextId = randomUUID();
    const { id } = await sentTask(ends, [{ text: 'work' }], { over: { contextId } });
    const { history } = await sentTask(ends, [{ text: 'more' }], { over: { contextId, referenceTaskIds: [id] } });
    return { agent: ends.agent.heard.at(-1)?.message, caller: { history } };
  },
  'preferences for the answer': async (ends) => {
    const configuration = { acceptedOutputModes: ['text/plain'], historyLength: 0 };
    const { id, history } = await sentTask(ends, [{ text: 'work' }], { configuration });
    const whole = await ends.caller.ask(get(id));
    const bare = await ends.caller.ask(get(id, 0));
    const heard = ends.agent.heard.at(-1)?.configuration;
    const [sent, gotten] = [history, bare.history].map((messages = []) => messages.length);
    return {
      agent: heard,
      caller: { messagesSent: sent, messagesGotten: gotten, messagesAtAll: whole.history?.length },
    };
  },
  'an answer at once': async (ends) => {
    const said = { configuration: { returnImmediately: true } };
    const sending = sentTask(ends, [{ text: 'hold' }], said);
    const letGo = setTimeout(() => ends.agent.release(), atOnceMs);
    const { id, status } = await sending;
    clearTimeout(letGo);
    const isOpen = status.state === 'TASK_STATE_SUBMITTED' || status.state === 'TASK_STATE_WORKING';
    const canceled = isOpen ? (await ends.caller.ask(cancel(id))).status.state : 'not asked for';
    return { caller: { isOpen, canceled } };
  },
  'a stream of pieces': async ({ caller }) => ({ caller: await folded(caller.watch(stream('chunks'))) }),
  'a stream taken up again': async ({ caller, agent }) => {
    const ids: string[] = [];
    for await (const { task, statusUpdate } of caller.watch(stream('hold'))) {
      ids.push(task?.id ?? statusUpdate?.taskId ?? '');
      if (statusUpdate?.status.state === 'TASK_STATE_WORKING') break;
    }
    const watched = caller.watch({ operation: 'SubscribeToTask', request: { id: ids[0] ?? '' } });
    const rest: StreamResponse[] = [];
    for await (const event of watched) {
      rest.push(event);
      agent.release();
    }
    return { caller: rest };
  },
  'a question and its answer': async (ends) => {
    const asked = await sentTask(ends, [{ text: 'ask' }]);
    const done = await sentTask(ends, [{ text: 'this one' }], { over: { taskId: asked.id } });
    return { caller: { asked: asked.status, isSame: done.id === asked.id, done } };
  },
  'a rejection': async (ends) => ({ caller: (await sentTask(ends, [{ text: 'reject' }])).status }),
  refusals: async (ends) => {
    const { id } = await sentTask(ends, [{ text: 'work' }]);
    return {
      caller: {
        unknown: await refusalOf(ends.caller.ask(get(`tsk_${'0'.repeat(32)}`))),
        late: await refusalOf(ends.caller.ask(cancel(id))),
        ended: await refusalOf(ends.caller.ask(send([{ text: 'more' }], { over: { taskId: id } }))),
        malformed: await refusalOf(ends.caller.ask(send([]))),
      },
    };
  },
};
