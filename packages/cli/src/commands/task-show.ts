import type { InspectedTask } from '@colloquy/sdk/client';
import type { Command } from '../command.ts';
import { creditsText } from '../output/credits.ts';
import { decisionText } from '../output/decision-text.ts';
import { facts, table } from '../output/table.ts';
import { stateText } from '../output/task-text.ts';

/** Under both names: operators inspect tasks. */
const inspecting: Omit<Command, 'name'> = {
  summary: 'Show what the platform knows about a task, without its content',
  positionals: ['<id>'],
  options: {},
  connects: true,
  details:
    'State, the routing decision with every candidate, reserved credits, the chain it is in, and its log.\n' +
    'Needs the scope tasks:inspect.',
  examples: [],
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

export const taskShow: Command = { name: 'task show', ...inspecting };
export const taskInspect: Command = { name: 'task inspect', ...inspecting };

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
  return budgetLeft === undefined ? sentFor : [...sentFor, ['budget then', `${creditsText(budgetLeft)} credits`]];
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
