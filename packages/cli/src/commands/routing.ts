import type { AgentRouting } from '@colloquy/sdk/client';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { facts } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

const choices = ['least-outstanding', 'weighted', 'spread'] as const;

const routingShow: Command = {
  name: 'routing show',
  summary: 'Show the routing policy of an agent',
  positionals: ['<agent>'],
  options: {},
  connects: true,
  details: 'Shows the policy of the agent, or the default policy.',
  examples: ['colloquy routing show billing'],
  async run({ args, client, output }) {
    const routing = await client().admin.readRouting({ agent: args.positional(0) });
    output.print(routing, shown(routing));
  },
};

const routingSet: Command = {
  name: 'routing set',
  summary: 'Set the routing policy of an agent',
  positionals: ['<agent>'],
  options: {
    choice: {
      type: 'string',
      value: 'policy',
      choices,
      description: 'How an instance is chosen; default least-outstanding',
    },
    'not-sticky': { type: 'boolean', description: 'Spread the tasks of one context over instances' },
    region: {
      type: 'string',
      value: 'name',
      multiple: true,
      description: 'Preferred region, in this order; "own" is that of the process',
    },
    share: {
      type: 'string',
      value: 'version=weight',
      multiple: true,
      description: 'Split messages between versions by weight',
    },
    'skill-version': {
      type: 'string',
      value: 'skill=version',
      multiple: true,
      description: 'Version that receives a skill',
    },
    mirror: {
      type: 'string',
      value: 'version=percent',
      description: 'Also copy messages to a version and drop its answers',
    },
  },
  connects: true,
  details: 'Replaces the former policy. Needs the scope agents:write.',
  examples: [
    'colloquy routing set billing --share 1.4=95 --share 1.5=5',
    'colloquy routing set billing --region own --mirror 2.0-next=10',
  ],
  async run({ args, client, output }) {
    const routing = await client().admin.setRouting({ agent: args.positional(0), body: routingOf(args) });
    output.print(routing, `${shown(routing)}\n\nThis applies everywhere within 5 seconds.`);
  },
};

const routingUnset: Command = {
  name: 'routing unset',
  aliases: ['routing reset'],
  summary: 'Remove the routing policy of an agent; the default applies',
  positionals: ['<agent>'],
  options: {},
  connects: true,
  details: 'Needs the scope agents:write.',
  examples: ['colloquy routing unset billing'],
  async run({ args, client, output }) {
    const agent = args.positional(0);
    await client().admin.unsetRouting({ agent });
    output.print({ agent }, `Removed the routing policy of ${agent}; the default applies.`);
  },
};

function routingOf(args: Arguments): AgentRouting {
  const [mirror] = numbersOf('mirror', args.text('mirror') === undefined ? [] : [args.text('mirror') ?? '']);
  return {
    choice: args.choice('choice', choices) ?? 'least-outstanding',
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
    if (at < 1) throw new UsageError(`--${option} does not accept "${text}".`, `Write it like --${option} name=value.`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
}

function numbersOf(option: string, texts: readonly string[]): readonly (readonly [string, number])[] {
  return pairsOf(option, texts).map(([name, value]) => {
    if (!/^\d{1,4}$/.test(value))
      throw new UsageError(`--${option} does not accept "${value}".`, `Write it like --${option} ${name}=10.`);
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
export const routingCommands: readonly Command[] = [routingShow, routingSet, routingUnset];
