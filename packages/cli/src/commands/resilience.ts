import type { ResilienceSettings } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

const dayMs = 24 * 60 * 60_000;
const fallbackCases = ['unavailable', 'failed'] as const;
const partialResults = ['stop', 'go-on'] as const;

const resilienceSet: Command = {
  name: 'resilience set',
  summary: 'Set the resilience policy of an agent or of one skill',
  positionals: ['<agent>'],
  options: {
    skill: { type: 'string', value: 'id', description: 'Only for this skill; other values come from the agent' },
    'first-answer-ms': {
      type: 'string',
      value: 'ms',
      description: 'Time until the first answer; then the attempt fails',
    },
    'task-ms': { type: 'string', value: 'ms', description: 'Time that one attempt may take' },
    calls: { type: 'string', value: 'count', description: 'Open calls per instance; further calls wait' },
    'queue-ms': {
      type: 'string',
      value: 'ms',
      description: 'Refuse messages while the oldest task waits longer than this',
    },
    'hedge-ms': {
      type: 'string',
      value: 'ms',
      description: 'Also call another instance after this time without an answer',
    },
    fallback: {
      type: 'string',
      value: 'agent',
      multiple: true,
      description: 'Fallback agent, in this order',
    },
    'fallback-on': {
      type: 'string',
      value: 'case',
      multiple: true,
      choices: fallbackCases,
      description: 'When to use a fallback agent; default both',
    },
    'partial-results': {
      type: 'string',
      value: 'way',
      choices: partialResults,
      description: 'Whether to retry after the caller received a part of a result',
    },
  },
  connects: true,
  details:
    'Replaces the former policy. The platform does not use the fallback list of a fallback agent. It reserves\n' +
    'credits for the most expensive agent and charges the price of the agent that did the work.',
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
      fallbackOn: unlessEmpty(args.choiceList('fallback-on', fallbackCases)),
      partialResults: args.choice('partial-results', partialResults),
    };
    if (Object.values(settings).every((setting) => setting === undefined))
      throw new UsageError('No setting was given.', 'Give at least one option; see "colloquy resilience set --help".');
    const subject = { agent: args.positional(0), skill: args.text('skill') };
    const set = await client().admin.setResiliencePolicy({ ...subject, body: settings });
    output.print({ ...subject, ...set }, `Set the resilience policy of ${shownSubject(subject)}.`);
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
  summary: 'List the resilience policies of the tenant',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy resilience list'],
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
    output.print(policies, table(['AGENT', 'SKILL', 'POLICY'], rows) || 'No resilience policy is set.');
  },
};

const resilienceUnset: Command = {
  name: 'resilience unset',
  summary: 'Remove the resilience policy of an agent or of one skill',
  positionals: ['<agent>'],
  options: { skill: { type: 'string', value: 'id', description: 'Only the policy of this skill' } },
  connects: true,
  examples: ['colloquy resilience unset translator --skill quick'],
  async run({ args, client, output }) {
    const subject = { agent: args.positional(0), skill: args.text('skill') };
    await client().admin.unsetResiliencePolicy(subject);
    output.print({ ...subject, unset: true }, `Removed the resilience policy of ${shownSubject(subject)}.`);
  },
};

export const resilienceNouns: Nouns = {
  resilience: { group: 'Keep agents healthy', summary: 'Set timeouts, hedging and fallback agents' },
};

/** The commands of resilience, in the order of the help. */
export const resilienceCommands: readonly Command[] = [resilienceSet, resilienceList, resilienceUnset];
