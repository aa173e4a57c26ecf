import type { SlaBudget, SlaObjective, SlaReport, SlaVerdict } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

const head = [
  'FOR',
  'TIER',
  'TASKS',
  'FAILED',
  'AVAILABLE',
  'OF',
  'LATE',
  'IN TIME',
  'OF',
  'LEFT',
  'BURN 1/6/24 H',
  'STATE',
];

const slaReport: Command = {
  name: 'sla report',
  summary: 'Show how well a month kept what was promised',
  positionals: [],
  options: {
    month: { type: 'string', value: 'yyyy-mm', description: 'A month of UTC; without it, the one in progress' },
    agent: { type: 'string', value: 'name', description: 'Only this agent' },
  },
  connects: true,
  details:
    'LEFT is how many more tasks may fail, and be late, before the objective is missed. BURN is how fast the budget\nof failures is spent: 1 spends exactly what is allowed.',
  examples: ['colloquy sla report', 'colloquy sla report --month 2026-10 --agent rates --json'],
  async run({ args, client, output }) {
    const { admin } = client();
    const query = { month: args.text('month'), agent: args.text('agent') };
    const { items: _, next: __, ...report } = await admin.readSlaReport({ ...query, limit: 1 });
    const agents = await allItems(admin.readSlaReport, query);
    output.print({ ...report, agents }, textOf(report, agents));
  },
};

function textOf(report: Omit<SlaReport, 'items' | 'next'>, agents: SlaReport['items']): string {
  const rows = [
    rowOf('total', '', report.total),
    ...report.tiers.map((tier) => rowOf('tier', tier.tier, tier)),
    ...agents.map((agent) => rowOf(agent.agent, agent.tier, agent)),
  ];
  const notes = [
    `${report.from} to ${report.to}${report.running ? ', in progress' : ''}`,
    ...(report.pendingEntries === 0
      ? []
      : [`${report.pendingEntries} entries of the audit chain are not counted yet.`]),
    ...report.changes.map(changeText),
  ];
  return `${notes.join('\n')}\n${table(head, rows)}`;
}

function changeText({ tier, agent, holdsFrom, ...said }: SlaReport['changes'][number]): string {
  const { availabilityPercent, latencyMs, latencyPercent } = said;
  const subject = tier === undefined ? (agent ?? '') : `the tier ${tier}`;
  const isTaken = availabilityPercent === undefined || latencyMs === undefined || latencyPercent === undefined;
  const promised = isTaken ? 'nothing of its own' : `${availabilityPercent} %, ${latencyPercent} % in ${latencyMs} ms`;
  return `From ${holdsFrom} on, ${subject}: ${promised}.`;
}

function rowOf(name: string, tier: string, { tasks, availability, latency, state }: SlaVerdict): readonly string[] {
  const { lastHour, last6Hours, last24Hours } = availability.burn;
  return [
    name,
    tier,
    String(tasks),
    String(availability.missed),
    ...kept(availability),
    String(latency.missed),
    ...kept(latency),
    `${availability.left} / ${latency.left}`,
    [lastHour, last6Hours, last24Hours].map((rate) => (rate === undefined ? '-' : String(rate))).join(' / '),
    state,
  ];
}

function kept({ attainedPercent, objectivePercent }: SlaBudget): readonly string[] {
  return [attainedPercent, objectivePercent].map((percent) => (percent === undefined ? '-' : `${percent} %`));
}

const latencyMsMax = 604_800_000;
const kinds = '<tier|agent>';

type SlaSubject = { readonly tier: string } | { readonly agent: string };

/** `tier gold`, or `agent rates`. */
function slaSubjectOf(args: Arguments): SlaSubject {
  const [kind, name] = [args.positional(0), args.positional(1)];
  if (kind === 'tier') return { tier: name };
  if (kind === 'agent') return { agent: name };
  throw new UsageError(`"${kind}" has no objective.`, 'Say tier or agent.');
}

const shown = (subject: SlaSubject): string =>
  'tier' in subject ? `the tier ${subject.tier}` : `the agent ${subject.agent}`;

const promised = ({ availabilityPercent, latencyPercent, latencyMs }: SlaObjective): readonly string[] => [
  `${availabilityPercent} %`,
  `${latencyPercent} % in ${latencyMs} ms`,
];

const slaObjectives: Command = {
  name: 'sla objectives',
  summary: 'List what is promised of tiers, and of agents with an objective of their own',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const { tiers } = await admin.listObjectives();
    const agents = await allItems(admin.listObjectives, {});
    const rows = [
      ...tiers.map((tier) => [`tier ${tier.tier}`, ...promised(tier), tier.holdsFrom ?? 'the platform’s default']),
      ...agents.map((agent) => [`agent ${agent.agent}`, ...promised(agent), agent.holdsFrom]),
    ];
    output.print({ tiers, agents }, table(['FOR', 'AVAILABLE', 'ENDS', 'HOLDS FROM'], rows));
  },
};

const slaSet: Command = {
  name: 'sla set',
  summary: 'Promise something of the agents of a tier, or of one agent',
  positionals: [kinds, '<name>'],
  options: {
    available: { type: 'string', value: 'percent', description: 'Of the tasks that count, those that must not fail' },
    'latency-ms': { type: 'string', value: 'ms', description: 'The time within which a task is to end' },
    'in-time': { type: 'string', value: 'percent', description: 'Of the tasks that did not fail, those that must' },
  },
  connects: true,
  details:
    'Needs the scope limits:write. Replaces what was promised, from the next full hour of UTC on; what has ended\nbefore is judged by what held then. Percents have at most four decimals.',
  examples: ['colloquy sla set tier gold --available 99.95 --latency-ms 20000 --in-time 99'],
  async run({ args, client, output }) {
    const subject = slaSubjectOf(args);
    const latencyMs = args.wholeNumber('latency-ms', 1, latencyMsMax);
    if (latencyMs === undefined)
      throw new UsageError('--latency-ms is missing.', 'Give --available, --latency-ms and --in-time.');
    const objective = {
      availabilityPercent: percentOf(args, 'available'),
      latencyMs,
      latencyPercent: percentOf(args, 'in-time'),
    };
    const { admin } = client();
    const set = await ('tier' in subject
      ? admin.setTierObjective({ ...subject, body: objective })
      : admin.setAgentObjective({ ...subject, body: objective }));
    output.print({ ...subject, ...set }, `Set the objective of ${shown(subject)}; it holds from ${set.holdsFrom} on.`);
  },
};

const slaUnset: Command = {
  name: 'sla unset',
  summary: 'Take back what was promised of a tier or an agent',
  positionals: [kinds, '<name>'],
  options: {},
  connects: true,
  details:
    'Needs the scope limits:write. From the next full hour of UTC on, an agent has the objective of its tier,\nand a tier that of the platform.',
  examples: ['colloquy sla unset agent rates'],
  async run({ args, client, output }) {
    const subject = slaSubjectOf(args);
    const { admin } = client();
    await ('tier' in subject ? admin.unsetTierObjective(subject) : admin.unsetAgentObjective(subject));
    output.print(
      { ...subject, unset: true },
      `Took back the objective of ${shown(subject)}, from the next full hour on.`,
    );
  },
};

function percentOf(args: Arguments, name: string): number {
  const text = args.text(name);
  if (text === undefined)
    throw new UsageError(`--${name} is missing.`, 'Give --available, --latency-ms and --in-time.');
  if (!/^\d{1,3}(\.\d{1,10})?$/.test(text))
    throw new UsageError(`--${name} must be a number.`, 'Give percent, for example 99.9.');
  return Number(text);
}

export const slaNouns: Nouns = {
  sla: { group: 'Keep agents healthy', summary: 'Set service level objectives and report how they are met' },
};

/** The commands of sla, in the order of the help. */
export const slaCommands: readonly Command[] = [slaReport, slaObjectives, slaSet, slaUnset];
