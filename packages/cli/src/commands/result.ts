import type { CachePolicy } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Arguments } from '../arguments.ts';
import { asTyped } from '../as-typed.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';

interface ResultSubject {
  readonly agent: string;
  readonly skill?: string | undefined;
}

const skillOption = { type: 'string', value: 'id', description: 'Only this skill of the agent' } as const;

/** An agent, and one of its skills when `--skill` names it. */
function resultSubjectOf(args: Arguments): ResultSubject {
  const skill = args.text('skill');
  return { agent: args.positional(0), ...(skill === undefined ? {} : { skill }) };
}

const shown = ({ agent, skill }: ResultSubject): string => (skill === undefined ? agent : `${agent}, skill ${skill}`);

const resultTerms: Command = {
  name: 'result terms',
  summary: 'List what was said of giving results of skills again',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const all = await allItems(admin.listResultTerms, {});
    const rows = all.map(({ agent, skill, sharedBy, hitPricePercent, staleMs, on }) => [
      agent,
      skill ?? '-',
      on ? sharedBy : 'off',
      `${hitPricePercent} %`,
      `${staleMs} ms`,
    ]);
    output.print(all, table(['AGENT', 'SKILL', 'SHARED BY', 'HIT COSTS', 'STALE'], rows) || 'Nothing was said.');
  },
};

const resultSet: Command = {
  name: 'result set',
  summary: 'Say whom results of an agent may be given to again, and for how much',
  positionals: ['<agent>'],
  options: {
    skill: skillOption,
    'shared-by': { type: 'string', value: 'who', description: 'caller (default) or tenant' },
    'hit-percent': { type: 'string', value: 'percent', description: 'What a hit costs of the price; 0 by default' },
    'stale-ms': {
      type: 'string',
      value: 'ms',
      description: 'How long after its time a result may be given; 0 by default',
    },
    off: { type: 'boolean', description: 'Every call goes to the agent' },
  },
  connects: true,
  details: 'Replaces what was said before. Only results of skills that say they are idempotent and cacheable are kept.',
  examples: ['colloquy result set rates --skill today --shared-by tenant --hit-percent 10'],
  async run({ args, client, output }) {
    const subject = resultSubjectOf(args);
    const policy: CachePolicy = {
      sharedBy: asTyped(args.text('shared-by') ?? 'caller'),
      hitPricePercent: args.wholeNumber('hit-percent', 0, 100) ?? 0,
      staleMs: args.wholeNumber('stale-ms', 0, 604_800_000) ?? 0,
      on: !args.flag('off'),
    };
    const set = await client().admin.setResultTerms({ ...subject, body: policy });
    output.print({ ...subject, ...set }, `Set the terms of results of ${shown(subject)}.`);
  },
};

const resultUnset: Command = {
  name: 'result unset',
  summary: 'Take back what was said of results of an agent',
  positionals: ['<agent>'],
  options: { skill: skillOption },
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const subject = resultSubjectOf(args);
    await client().admin.unsetResultTerms(subject);
    output.print({ ...subject, unset: true }, `Took back the terms of results of ${shown(subject)}.`);
  },
};

const resultPurge: Command = {
  name: 'result purge',
  summary: 'Forget every result of an agent, or of one of its skills',
  positionals: ['<agent>'],
  options: { skill: skillOption },
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const subject = resultSubjectOf(args);
    await client().admin.purgeResults(subject);
    output.print({ ...subject, purged: true }, `Forgot the results of ${shown(subject)}.`);
  },
};

export const resultNouns: Nouns = {
  result: { group: 'Keep agents healthy', summary: 'Cache results of agents, and purge them' },
};

/** The commands of result, in the order of the help. */
export const resultCommands: readonly Command[] = [resultSet, resultTerms, resultUnset, resultPurge];
