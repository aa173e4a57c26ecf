import type { AgentRouting } from '@colloquy/sdk/client';
import type { Arguments } from '../arguments.ts';
import { asTyped } from '../as-typed.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { facts } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

const routingShow: Command = {
  name: 'routing show',
  summary: 'Show how messages find an instance of an agent',
  positionals: ['<agent>'],
  options: {},
  connects: true,
  details: 'The policy as it was set, or the one that every agent has until somebody says otherwise.',
  examples: [],
  async run({ args, client, output }) {
    const routing = await client().admin.readRouting({ agent: args.positional(0) });
    output.print(routing, shown(routing));
  },
};

const routingSet: Command = {
  name: 'routing set',
  summary: 'Set how messages find an instance of an agent',
  positionals: ['<agent>'],
  options: {
    choice: { type: 'string', value: 'how', description: 'least-outstanding, weighted or spread' },
    'not-sticky': { type: 'boolean', description: 'Let the tasks of one context go to several instances' },
    region: {
      type: 'string',
      value: 'name',
      multiple: true,
      description: 'Preferred region, the best first; own: of the node',
    },
    share: { type: 'string', value: 'version=weight', multiple: true, description: 'Split messages among versions' },
    'skill-version': {
      type: 'string',
      value: 'skill=version',
      multiple: true,
      description: 'Version that takes a skill',
    },
    mirror: {
      type: 'string',
      value: 'version=percent',
      description: 'Copy messages to a version; its answers are dropped',
    },
  },
  connects: true,
  details: 'Replaces what was set before. Needs the scope agents:write.',
  examples: [
    'colloquy routing set billing --share 1.4=95 --share 1.5=5',
    'colloquy routing set billing --region own --mirror 2.0-next=10',
  ],
  async run({ args, client, output }) {
    const routing = await client().admin.setRouting({ agent: args.positional(0), body: routingOf(args) });
    output.print(routing, `${shown(routing)}\n\nEvery process obeys within 5 seconds.`);
  },
};

const routingReset: Command = {
  name: 'routing reset',
  summary: 'Take back what was set for the routing of an agent',
  positionals: ['<agent>'],
  options: {},
  connects: true,
  details: 'Messages find an instance as at any other agent. Needs the scope agents:write.',
  examples: [],
  async run({ args, client, output }) {
    const agent = args.positional(0);
    await client().admin.unsetRouting({ agent });
    output.print({ agent }, `Messages find an instance of ${agent} as at any other agent.`);
  },
};

function routingOf(args: Arguments): AgentRouting {
  const [mirror] = numbersOf('mirror', args.text('mirror') === undefined ? [] : [args.text('mirror') ?? '']);
  return {
    choice: asTyped(args.text('choice') ?? 'least-outstanding'),
    sticky: !args.flag('not-sticky'),
    regions: args.texts('region'),
    versions: numbersOf('share', args.texts('share')).map(([version, weight]) => ({ version, weight })),
    skills: pairsOf('skill-version', args.texts('skill-version')).map(([skill, version]) => ({ skill, version })),
    ...(mirror === undefined ? {} : { mirror: { version: mirror[0], percent: mirror[1] } }),
  };
}

function pairsOf(option: string, texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.map((text) => {
    const at = text.lastIndexOf('=');
    if (at < 1) throw new UsageError(`--${option} must be a name, an equals sign and a value.`, `You gave ${text}.`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
}

function numbersOf(option: string, texts: readonly string[]): readonly (readonly [string, number])[] {
  return pairsOf(option, texts).map(([name, value]) => {
    if (!/^\d{1,4}$/.test(value)) throw new UsageError(`--${option} must end in a whole number.`, `You gave ${value}.`);
    return [name, Number(value)];
  });
}

function shown({ choice, sticky, regions, versions, skills, mirror }: AgentRouting): string {
  return facts([
    ['choice', choice],
    ['contexts', sticky ? 'stay with one instance' : 'go anywhere'],
    ['regions', regions.length === 0 ? 'any' : regions.join(', then ')],
    [
      'versions',
      versions.length === 0 ? 'by weight' : versions.map((one) => `${one.version}: ${one.weight}`).join(', '),
    ],
    ...skills.map(({ skill, ...settings }): [string, string] => [`skill ${skill}`, JSON.stringify(settings)]),
    ['copies', mirror === undefined ? 'none' : `${mirror.percent} % to ${mirror.version}`],
  ]);
}

export const routingNouns: Nouns = {
  routing: { group: 'Keep agents healthy', summary: 'Choose how messages are distributed to instances' },
};

/** The commands of routing, in the order of the help. */
export const routingCommands: readonly Command[] = [routingShow, routingSet, routingReset];
