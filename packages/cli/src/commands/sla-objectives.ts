import type { SlaObjective } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

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

export const slaObjectives: Command = {
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

export const slaSet: Command = {
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

export const slaUnset: Command = {
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
