import type { CachePolicy } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';

const sharing = ['caller', 'tenant'] as const;

interface CacheSubject {
  readonly agent: string;
  readonly skill?: string | undefined;
}

const skillOption = { type: 'string', value: 'id', description: 'Only this skill of the agent' } as const;

/** An agent, and one of its skills when `--skill` names it. */
function cacheSubjectOf(args: Arguments): CacheSubject {
  const skill = args.text('skill');
  return { agent: args.positional(0), ...(skill === undefined ? {} : { skill }) };
}

const shown = ({ agent, skill }: CacheSubject): string => (skill === undefined ? agent : `${agent}, skill ${skill}`);

const cachePolicy: Command = {
  name: 'cache policy',
  aliases: ['result terms'],
  summary: 'List the cache policies of agents and skills',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy cache policy'],
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
    output.print(all, table(['AGENT', 'SKILL', 'SHARED BY', 'HIT COSTS', 'STALE'], rows) || 'No cache policy is set.');
  },
};

const cacheSet: Command = {
  name: 'cache set',
  aliases: ['result set'],
  summary: 'Set the cache policy of an agent or of one skill',
  positionals: ['<agent>'],
  options: {
    skill: skillOption,
    'shared-by': {
      type: 'string',
      value: 'group',
      choices: sharing,
      description: 'Callers that share a cached result; default caller',
    },
    'hit-percent': {
      type: 'string',
      value: 'percent',
      description: 'Share of the price that a cache hit costs; default 0',
    },
    'stale-ms': {
      type: 'string',
      value: 'ms',
      description: 'Time for which an expired result may still be used; default 0',
    },
    off: { type: 'boolean', description: 'Do not cache; send every message to the agent' },
  },
  connects: true,
  details: 'Replaces the former policy. The platform caches only skills that are idempotent and cacheable.',
  examples: ['colloquy cache set rates --skill today --shared-by tenant --hit-percent 10'],
  async run({ args, client, output }) {
    const subject = cacheSubjectOf(args);
    const policy: CachePolicy = {
      sharedBy: args.choice('shared-by', sharing) ?? 'caller',
      hitPricePercent: args.wholeNumber('hit-percent', 0, 100) ?? 0,
      staleMs: args.wholeNumber('stale-ms', 0, 604_800_000) ?? 0,
      on: !args.flag('off'),
    };
    const set = await client().admin.setResultTerms({ ...subject, body: policy });
    output.print({ ...subject, ...set }, `Set the cache policy of ${shown(subject)}.`);
  },
};

const cacheUnset: Command = {
  name: 'cache unset',
  aliases: ['result unset'],
  summary: 'Remove the cache policy of an agent or of one skill',
  positionals: ['<agent>'],
  options: { skill: skillOption },
  connects: true,
  examples: ['colloquy cache unset rates --skill today'],
  async run({ args, client, output }) {
    const subject = cacheSubjectOf(args);
    await client().admin.unsetResultTerms(subject);
    output.print({ ...subject, unset: true }, `Removed the cache policy of ${shown(subject)}.`);
  },
};

const cachePurge: Command = {
  name: 'cache purge',
  aliases: ['result purge'],
  summary: 'Delete the cached results of an agent or of one skill',
  positionals: ['<agent>'],
  options: { skill: skillOption },
  connects: true,
  examples: ['colloquy cache purge rates --skill today'],
  async run({ args, client, output }) {
    const subject = cacheSubjectOf(args);
    await client().admin.purgeResults(subject);
    output.print({ ...subject, purged: true }, `Deleted the cached results of ${shown(subject)}.`);
  },
};

export const cacheNouns: Nouns = {
  cache: { group: 'Keep agents healthy', summary: 'Set cache policies of agents, and purge cached results' },
};

/** The commands of cache, in the order of the help. */
export const cacheCommands: readonly Command[] = [cacheSet, cachePolicy, cacheUnset, cachePurge];
