import type { Task } from '@colloquy/protocol';
import { ColloquyError } from '@colloquy/sdk/client';
import type { AgentClient, InspectedTask } from '@colloquy/sdk/client';
import { allItems, itemsWantedBy, limitOption } from '../all-items.ts';
import type { Command, Invocation, OptionSpecs } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { costText, creditsText } from '../output/credits.ts';
import { decisionText } from '../output/decision-text.ts';
import { priceLine } from '../output/price-text.ts';
import { principalText } from '../output/principal-text.ts';
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
  summary: 'Show the state, caller, cost, routing and events of a task, without its content',
  positionals: ['<id>'],
  options: {},
  connects: true,
  details:
    'Shows the state, the caller, the credits that were reserved, settled or released, the parts of the price,\n' +
    'what the agent reported that it took, the routing decision with every candidate, the delegation chain, and\n' +
    'the events with their states. Needs the scope tasks:inspect.',
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
    ['caller', principalText(task.ownerId, task.ownerName)],
    ['state', stateCell(task)],
    ['attempt', String(task.attempt)],
    ['price', `${creditsText(task.reservedMicrocredits)} credits`],
    ['cost', costText(task)],
    ...usageFacts(task.usage),
    ...chainFacts(task.chain),
    ['created', task.createdAt],
    ['state since', task.statusAt],
  ]);
  const events = task.events.map(({ seq, kind, state = '', occurredAt }) => [String(seq), kind, state, occurredAt]);
  const routing = `ROUTING\n${decisionText(task.decision)}`;
  const lines = table(['PART', 'QUANTITY', 'EACH', 'CREDITS'], partsOf(task.costLines));
  const cost = lines === '' ? '' : `\n\n${lines}`;
  return `${about}${cost}\n\n${routing}\n\n${table(['SEQ', 'EVENT', 'STATE', 'TIME'], events)}`;
}

/** The parts of a price that has more than the call. */
function partsOf(lines: InspectedTask['costLines'] = []): readonly (readonly string[])[] {
  return lines.some(({ component }) => component !== 'call') ? lines.map(priceLine) : [];
}

function usageFacts(usage: InspectedTask['usage']): [string, string][] {
  if (usage === undefined) return [];
  const { seconds, items, units = {} } = usage;
  const counts = Object.entries(units).map(([unit, count]) => `${count} ${unit}`);
  return [['took', [`${seconds} s`, ...(items === undefined ? [] : [`${items} items`]), ...counts].join(', ')]];
}

function stateCell({ state, errorCode }: Pick<InspectedTask, 'state' | 'errorCode'>): string {
  return `${stateText(state)}${errorCode === undefined ? '' : ` (${errorCode})`}`;
}

const taskList: Command = {
  name: 'task list',
  summary: 'List the tasks of the tenant with their callers and costs, newest first',
  positionals: [],
  options: {
    agent: { type: 'string', value: 'name', description: 'Only tasks of this agent' },
    ...limitOption('tasks'),
  },
  connects: true,
  details:
    'Shows tasks of every caller, without their content. COST is in credits: reserved while a task runs, settled\n' +
    'when it completed, released when it did not. Needs the scope tasks:inspect.',
  examples: ['colloquy task list', 'colloquy task list --agent echo --limit 10'],
  async run({ args, client, output, signal }) {
    const itemsWanted = itemsWantedBy(args);
    const tasks = await allItems(client().admin.listTasks, { agent: args.text('agent'), signal }, itemsWanted);
    const rows = tasks.map((task) => [
      task.taskId,
      stateCell(task),
      task.agent,
      task.ownerName ?? task.ownerId,
      costText(task),
      task.createdAt,
    ]);
    output.print(tasks, table(['TASK', 'STATE', 'AGENT', 'CALLER', 'COST', 'CREATED'], rows) || 'There are no tasks.');
  },
};

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
      for await (const event of writer.takeAll(
        agent.subscribe(id, { signal, showCost: true }),
        'Waiting for the task',
      )) {
        last = event.task ?? event.statusUpdate ?? last;
      }
    } catch (error) {
      if (!(error instanceof ColloquyError) || error.kind !== 'precondition') throw error;
      const task = await agent.getTask(id, { signal, showCost: true });
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
      (await agentOfTask(invocation, id)).cancelTask(id, { signal, showCost: true }),
    );
    output.print(task, taskText(task, output.paint));
  },
};

export const taskNouns: Nouns = {
  task: { group: 'Call agents', summary: 'List, show, watch or cancel tasks' },
};

/** The commands of task, in the order of the help. */
export const taskCommands: readonly Command[] = [taskList, taskShow, taskWatch, taskCancel];
