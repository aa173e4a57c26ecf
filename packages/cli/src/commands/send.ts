import type { StreamResponse, Task } from '@colloquy/protocol';
import type { AgentClient, MessageInput, StreamOptions } from '@colloquy/sdk/client';
import type { Arguments } from '../arguments.ts';
import type { Command, Invocation } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import type { Nouns } from '../noun.ts';
import { creditsText, microcreditsOf } from '../output/credits.ts';
import { StreamWriter } from '../output/stream-writer.ts';
import { contentText, costCell, taskText } from '../output/task-text.ts';
import { UsageError } from '../usage-error.ts';

/** States in which a task has ended without success. */
export const badEnds: readonly string[] = ['TASK_STATE_FAILED', 'TASK_STATE_REJECTED', 'TASK_STATE_CANCELED'];

const waitsForAnswer = 'Waiting for the agent';

const send: Command = {
  name: 'send',
  summary: 'Send a message to an agent and show its answer',
  positionals: ['<agent>', '<text>'],
  options: {
    stream: { type: 'boolean', description: 'Show progress and results as they come' },
    'no-wait': { type: 'boolean', description: 'Return as soon as the task is recorded' },
    context: { type: 'string', value: 'id', description: 'Continue this conversation' },
    task: { type: 'string', value: 'id', description: 'Answer this task, which waits for input' },
    budget: {
      type: 'string',
      value: 'credits',
      description: 'Highest cost of the task and its delegated tasks, for example 0.5',
    },
    priority: { type: 'string', value: '0-9', description: 'Priority; 9 is the highest, default 5' },
    deadline: {
      type: 'string',
      value: 'time',
      description: 'Time (RFC 3339) after which the task is not started or continued',
    },
    'message-id': { type: 'string', value: 'id', description: 'Id that makes the message idempotent' },
  },
  connects: true,
  details:
    'Says what the task cost, in credits, unless it is free. With --stream, --json prints one A2A StreamResponse\nper line.',
  examples: ['colloquy send echo "Hello"', 'colloquy send --stream slow-streamer "12 words, please"'],
  run: (invocation) => {
    const agent = invocation.client().agent(invocation.args.positional(0));
    const words = invocation.args.positional(1);
    return invocation.args.flag('stream') ? stream(invocation, agent, words) : once(invocation, agent, words);
  },
};

const ask: Command = {
  ...send,
  name: 'ask',
  summary: 'Send a message to the best matching agent and skill',
  positionals: ['<text>'],
  options: {
    ...send.options,
    skill: { type: 'string', value: 'id', description: 'Skill to use; default the best match for the text' },
  },
  details: 'The router chooses among the agents that you may use. "colloquy task show" shows which one, and why.',
  examples: ['colloquy ask "What will the weather be in Bern?"', 'colloquy ask --skill forecast "Bern"'],
  run: (invocation) => {
    const router = invocation.client().router();
    const words = invocation.args.positional(0);
    return invocation.args.flag('stream') ? stream(invocation, router, words) : once(invocation, router, words);
  },
};

async function once({ args, output, signal }: Invocation, agent: AgentClient, words: string): Promise<number> {
  const wait = args.flag('no-wait') ? { returnImmediately: true } : {};
  const options = { ...optionsFrom(args), ...wait, signal, showCost: true };
  const answer = await output.during(waitsForAnswer, () => agent.send(messageFrom(args, words), options));
  output.print(
    answer,
    answer.message === undefined
      ? taskText(answer.task, output.paint)
      : [contentText(answer.message), ...costCell(answer.message, output.paint)].join('\n'),
  );
  return statusOf(answer.task);
}

async function stream({ args, output, signal }: Invocation, agent: AgentClient, words: string): Promise<number> {
  const writer = new StreamWriter(output);
  let last: StreamResponse | undefined;
  const events = agent.stream(messageFrom(args, words), { ...optionsFrom(args), signal, showCost: true });
  for await (const event of writer.takeAll(events, waitsForAnswer)) {
    last = event.artifactUpdate === undefined ? event : last;
  }
  writer.end();
  return statusOf(last?.task ?? last?.statusUpdate);
}

/** The exit status for the state a task was last seen in. */
export function statusOf(seen: Pick<Task, 'status'> | undefined): number {
  return seen !== undefined && badEnds.includes(seen.status.state) ? exitStatus.taskFailed : exitStatus.ok;
}

function messageFrom(args: Arguments, words: string): MessageInput {
  const messageId = args.text('message-id');
  const skill = args.text('skill');
  return {
    parts: [{ text: words }],
    ...(messageId === undefined ? {} : { messageId }),
    ...(skill === undefined ? {} : { metadata: { 'urn:colloquy:extension:skill:v1': { id: skill } } }),
  };
}

function optionsFrom(args: Arguments): StreamOptions {
  const [contextId, taskId] = [args.text('context'), args.text('task')];
  const budget = args.text('budget');
  const priority = args.wholeNumber('priority', 0, 9);
  const deadline = args.text('deadline');
  return {
    ...(contextId === undefined ? {} : { contextId }),
    ...(taskId === undefined ? {} : { taskId }),
    ...(budget === undefined ? {} : { budgetMicrocredits: budgetOf(budget) }),
    ...(priority === undefined ? {} : { priority }),
    ...(deadline === undefined ? {} : { deadline }),
  };
}

/** Digits of a whole number from which it may be an amount of microcredits, as `--budget` took it up to version 0.1. */
const ambiguousDigits = 4;

/** A budget in microcredits. A large whole number is refused: a script that was written for microcredits must not raise its budget a million times. */
function budgetOf(text: string): number {
  if (!/^\d+$/.test(text) || text.length < ambiguousDigits) return microcreditsOf(text, '--budget');
  throw new UsageError(
    `--budget is in credits, and used to be in microcredits, so "${text}" is ambiguous.`,
    `Write ${creditsText(Number(text))} for ${text} microcredits, or ${text}.0 for ${text} credits.`,
  );
}

export const sendNouns: Nouns = {
  send: { group: 'Call agents' },
  ask: { group: 'Call agents' },
};

/** The commands of send, in the order of the help. */
export const sendCommands: readonly Command[] = [send, ask];
