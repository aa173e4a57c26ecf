import type { Task } from '@colloquy/protocol';
import { ColloquyError } from '@colloquy/sdk/client';
import type { AgentClient, InspectedTask } from '@colloquy/sdk/client';
import type { Command, Invocation, OptionSpecs } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { creditsText } from '../output/credits.ts';
import { decisionText } from '../output/decision-text.ts';
import { StreamWriter } from '../output/stream-writer.ts';
import { facts, table } from '../output/table.ts';
import { stateText, taskText } from '../output/task-text.ts';
import { badEnds, statusOf } from './send.ts';

/** The option of commands that reach a task through its agent. */
const agentOption: OptionSpecs = {
  agent: {
    type: 'string',
    value: 'name',
    description: 'Agent of the task; default as the platform knows it (scope tasks:inspect)',
  },
};

/** The agent of a task: from the option, else from the platform, which needs the scope tasks:inspect. */
async function agentOfTask({ args, client }: Invocation, taskId: string): Promise<AgentClient> {
  const named = args.text('agent');
  if (named !== undefined) return client().agent(named);
  const { agent } = await client().admin.inspectTask({ task: taskId });
  return client().agent(agent);
}

const taskShow: Command = {
  name: 'task show',
  aliases: ['task inspect'],
  summary: 'Show the state, routing and events of a task, without its content',
  positionals: ['<id>'],
  options: {},
  connects: true,
  details:
    'Shows the state, the routing decision with every candidate, reserved credits, the delegation chain and\n' +
    'the events. Needs the scope tasks:inspect.',
  examples: ['colloquy task show tsk_…'],
  async run({ args, client, output }) {
    const { admin } = client();
    let task = await admin.inspectTask({ task: args.positional(0) });
    for (let seen = 0; task.events.length > seen && lastSeq(task) < task.lastSeq;) {
      seen = task.events.length;
      const { events } = await admin.inspectTask({ task: task.taskId, afterSeq: lastSeq(task) });
      task = { ...task, events: [...task.events, ...events] };
    }
    output.print(task, inspectedText(task));
  },
};

function lastSeq({ events }: InspectedTask): number {
  return events.at(-1)?.seq ?? 0;
}

function chainFacts(chain: InspectedTask['chain']): [string, string][] {
  if (chain === undefined) return [];
  const { root, parent, depth, ancestors, budgetLeft } = chain;
  const sentFor: [string, string][] =
    parent === undefined
      ? []
      : [
          ['sent for', `${parent} (root ${root}, depth ${depth})`],
          ['through', ancestors.join(' → ')],
        ];
  return budgetLeft === undefined ? sentFor : [...sentFor, ['budget left', `${creditsText(budgetLeft)} credits`]];
}

function inspectedText(task: InspectedTask): string {
  const about = facts([
    ['task', task.taskId],
    ['context', task.contextId],
    ['agent', task.agent],
    ['state', `${stateText(task.state)}${task.errorCode === undefined ? '' : ` (${task.errorCode})`}`],
    ['attempt', String(task.attempt)],
    ['reserved', `${creditsText(task.reservedMicrocredits)} credits`],
    ...chainFacts(task.chain),
    ['created', task.createdAt],
    ['state since', task.statusAt],
  ]);
  const events = task.events.map(({ seq, kind, occurredAt }) => [String(seq), kind, occurredAt]);
  const routing = `ROUTING\n${decisionText(task.decision)}`;
  return `${about}\n\n${routing}\n\n${table(['SEQ', 'EVENT', 'TIME'], events)}`;
}

const taskWatch: Command = {
  name: 'task watch',
  summary: 'Show a task and its events until it ends',
  positionals: ['<id>'],
  options: agentOption,
  connects: true,
  details: '--json prints one A2A StreamResponse per line.',
  examples: ['colloquy task watch tsk_…'],
  async run(invocation) {
    const { args, output, signal } = invocation;
    const id = args.positional(0);
    const agent = await agentOfTask(invocation, id);
    const writer = new StreamWriter(output);
    let last: Pick<Task, 'status'> | undefined;
    try {
      for await (const event of writer.takeAll(agent.subscribe(id, { signal }), 'Waiting for the task')) {
        last = event.task ?? event.statusUpdate ?? last;
      }
    } catch (error) {
      if (!(error instanceof ColloquyError) || error.kind !== 'precondition') throw error;
      const task = await agent.getTask(id, { signal });
      if (!hasEnded(task)) throw error;
      writer.take({ task });
      last = task;
    }
    writer.end();
    return statusOf(last);
  },
};

function hasEnded({ status }: Task): boolean {
  return status.state === 'TASK_STATE_COMPLETED' || badEnds.includes(status.state);
}

const taskCancel: Command = {
  name: 'task cancel',
  summary: 'Ask an agent to cancel a task',
  positionals: ['<id>'],
  options: agentOption,
  connects: true,
  examples: ['colloquy task cancel tsk_…'],
  async run(invocation) {
    const { args, output, signal } = invocation;
    const id = args.positional(0);
    const task = await output.during('Waiting for the agent to cancel the task', async () =>
      (await agentOfTask(invocation, id)).cancelTask(id, { signal }),
    );
    output.print(task, taskText(task, output.paint));
  },
};

export const taskNouns: Nouns = {
  task: { group: 'Call agents', summary: 'Show, watch or cancel a task' },
};

/** The commands of task, in the order of the help. */
export const taskCommands: readonly Command[] = [taskShow, taskWatch, taskCancel];
