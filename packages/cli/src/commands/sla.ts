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
  summary: 'Report how the agents met their service level objectives in a month',
  positionals: [],
  options: {
    month: { type: 'string', value: 'yyyy-mm', description: 'Month (UTC); default the current month' },
    agent: { type: 'string', value: 'name', description: 'Only this agent' },
  },
  connects: true,
  details:
    'LEFT is the error budget: how many more tasks may fail, and be late. BURN is the burn rate: at 1 the\nbudget lasts exactly for the month.',
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
    ...(report.pendingEntries === 0 ? [] : [`${report.pendingEntries} audit entries are not counted yet.`]),
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
  throw new UsageError(`"${kind}" has no objective.`, 'Write "tier <name>" or "agent <name>".');
}

const shown = (subject: SlaSubject): string =>
  'tier' in subject ? `the tier ${subject.tier}` : `the agent ${subject.agent}`;

const promised = ({ availabilityPercent, latencyPercent, latencyMs }: SlaObjective): readonly string[] => [
  `${availabilityPercent} %`,
  `${latencyPercent} % in ${latencyMs} ms`,
];

const slaObjectives: Command = {
  name: 'sla objectives',
  summary: 'List the objectives of tiers and agents',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy sla objectives'],
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
  summary: 'Set the service level objective of a tier or an agent',
  positionals: [kinds, '<name>'],
  options: {
    availability: {
      type: 'string',
      value: 'percent',
      aliases: ['available'],
      description: 'Share of the tasks that must not fail',
    },
    'latency-ms': { type: 'string', value: 'ms', description: 'Time within which a task must end' },
    'latency-percent': {
      type: 'string',
      value: 'percent',
      aliases: ['in-time'],
      description: 'Share of the tasks that must end within that time',
    },
  },
  connects: true,
  details:
    'Needs the scope limits:write. Replaces the former objective from the next full hour (UTC) on; tasks that\nended before count for the former one. Percentages have at most four decimals.',
  examples: ['colloquy sla set tier gold --availability 99.95 --latency-ms 20000 --latency-percent 99'],
  async run({ args, client, output }) {
    const subject = slaSubjectOf(args);
    const latencyMs = args.wholeNumber('latency-ms', 1, latencyMsMax);
    if (latencyMs === undefined)
      throw new UsageError('--latency-ms is missing.', 'Give --availability, --latency-ms and --latency-percent.');
    const objective = {
      availabilityPercent: percentOf(args, 'availability'),
      latencyMs,
      latencyPercent: percentOf(args, 'latency-percent'),
    };
    const { admin } = client();
    const set = await ('tier' in subject
      ? admin.setTierObjective({ ...subject, body: objective })
      : admin.setAgentObjective({ ...subject, body: objective }));
    output.print(
      { ...subject, ...set },
      `Set the objective of ${shown(subject)}; it applies from ${set.holdsFrom} on.`,
    );
  },
};

const slaUnset: Command = {
  name: 'sla unset',
  summary: 'Remove the objective of a tier or an agent',
  positionals: [kinds, '<name>'],
  options: {},
  connects: true,
  details:
    'Needs the scope limits:write. From the next full hour (UTC) on, an agent has the objective of its tier,\nand a tier the default objective of the platform.',
  examples: ['colloquy sla unset agent rates'],
  async run({ args, client, output }) {
    const subject = slaSubjectOf(args);
    const { admin } = client();
    await ('tier' in subject ? admin.unsetTierObjective(subject) : admin.unsetAgentObjective(subject));
    output.print({ ...subject, unset: true }, `Removed the objective of ${shown(subject)} from the next full hour on.`);
  },
};

function percentOf(args: Arguments, name: string): number {
  const text = args.text(name);
  if (text === undefined)
    throw new UsageError(`--${name} is missing.`, 'Give --availability, --latency-ms and --latency-percent.');
  if (!/^\d{1,3}(\.\d{1,10})?$/.test(text))
    throw new UsageError(`--${name} must be a percentage, not "${text}".`, `Write it like --${name} 99.9.`);
  return Number(text);
}

export const slaNouns: Nouns = {
  sla: { group: 'Keep agents healthy', summary: 'Set service level objectives and report how they are met' },
};

/** The commands of sla, in the order of the help. */
export const slaCommands: readonly Command[] = [slaReport, slaObjectives, slaSet, slaUnset];
