import type { SlaBudget, SlaReport, SlaVerdict } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

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

export const slaReport: Command = {
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
