import type { ResilienceSettings } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import { asTyped } from '../as-typed.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

const dayMs = 24 * 60 * 60_000;

const resilienceSet: Command = {
  name: 'resilience set',
  summary: 'Set how an agent, or a skill of it, is called when things go wrong',
  positionals: ['<agent>'],
  options: {
    skill: { type: 'string', value: 'id', description: 'Only for this skill; the rest is as at the agent' },
    'first-answer-ms': {
      type: 'string',
      value: 'ms',
      description: 'An agent that says nothing for this long has failed',
    },
    'task-ms': { type: 'string', value: 'ms', description: 'One try may take this long' },
    calls: { type: 'string', value: 'count', description: 'Calls that one instance has open at once; more wait' },
    'queue-ms': {
      type: 'string',
      value: 'ms',
      description: 'Refuse sends while the oldest waiting task waits for longer',
    },
    'hedge-ms': { type: 'string', value: 'ms', description: 'Ask another instance as well after this silence' },
    fallback: {
      type: 'string',
      value: 'agent',
      multiple: true,
      description: 'An agent that takes its place; in this order',
    },
    'fallback-on': {
      type: 'string',
      value: 'case',
      multiple: true,
      description: 'unavailable, failed; both unless said',
    },
    'partial-results': { type: 'string', value: 'way', description: 'stop or go-on, once something was shown' },
  },
  connects: true,
  details:
    'Replaces what was set before. The fallback agents of a fallback agent are not asked; credits are reserved\n' +
    'for the most expensive of it, and only the price of the agent that did the work is taken.',
  examples: [
    'colloquy resilience set translator --first-answer-ms 2000 --fallback translator-eu --fallback translator-small',
    'colloquy resilience set translator --skill quick --hedge-ms 300',
  ],
  async run({ args, client, output }) {
    const numbers = {
      firstAnswerMs: args.wholeNumber('first-answer-ms', 10, dayMs),
      taskMs: args.wholeNumber('task-ms', 10, dayMs),
      callsMax: args.wholeNumber('calls', 1, 100_000),
      queueMsMax: args.wholeNumber('queue-ms', 0, dayMs),
      hedgeMs: args.wholeNumber('hedge-ms', 1, dayMs),
    };
    const settings: ResilienceSettings = {
      ...numbers,
      fallback: unlessEmpty(args.texts('fallback')),
      fallbackOn: unlessEmpty(args.texts('fallback-on').map((word) => asTyped(word))),
      partialResults: asTyped(args.text('partial-results')),
    };
    if (Object.values(settings).every((term) => term === undefined))
      throw new UsageError('Nothing was set.', 'Give at least one of the options.');
    const subject = { agent: args.positional(0), skill: args.text('skill') };
    const set = await client().admin.setResiliencePolicy({ ...subject, body: settings });
    output.print({ ...subject, ...set }, `Set how ${shownSubject(subject)} is called when things go wrong.`);
  },
};

function unlessEmpty<Word>(words: readonly Word[]): readonly Word[] | undefined {
  return words.length === 0 ? undefined : words;
}

/** An agent, or its skill, in words. */
function shownSubject({ agent, skill }: { readonly agent: string; readonly skill?: string | undefined }): string {
  return skill === undefined ? `agent ${agent}` : `skill ${skill} of agent ${agent}`;
}

const resilienceList: Command = {
  name: 'resilience list',
  summary: 'List how agents of the tenant are called when things go wrong',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const policies = await allItems(admin.listResiliencePolicies, {});
    const rows = policies.map(({ agent, skill = '-', changedBy: _by, changedAt: _at, ...settings }) => [
      agent,
      skill,
      Object.entries(settings)
        .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : String(value)}`)
        .join(' '),
    ]);
    output.print(policies, table(['AGENT', 'SKILL', 'TERMS'], rows) || 'Nothing is set.');
  },
};

const resilienceUnset: Command = {
  name: 'resilience unset',
  summary: 'Take back how an agent, or a skill of it, is called when things go wrong',
  positionals: ['<agent>'],
  options: { skill: { type: 'string', value: 'id', description: 'Only what was set for this skill' } },
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const subject = { agent: args.positional(0), skill: args.text('skill') };
    await client().admin.unsetResiliencePolicy(subject);
    output.print({ ...subject, unset: true }, `Took back how ${shownSubject(subject)} is called.`);
  },
};

export const resilienceNouns: Nouns = {
  resilience: { group: 'Keep agents healthy', summary: 'Set timeouts, hedging and fallback agents' },
};

/** The commands of resilience, in the order of the help. */
export const resilienceCommands: readonly Command[] = [resilienceSet, resilienceList, resilienceUnset];
