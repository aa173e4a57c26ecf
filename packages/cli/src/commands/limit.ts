import type { AdminClient, LimitSettings } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

/** The holder of a limit: the tenant, a client by its id, or an agent by its name. */
type LimitSubject = { readonly kind: 'tenant' } | { readonly kind: 'client' | 'agent'; readonly id: string };

/** The holder of a limit, from the arguments: `tenant`, `client <id>` or `agent <name>`. */
function limitSubjectOf(args: Arguments): LimitSubject {
  const [kind, id] = [args.positional(0), args.positional(1)];
  if (kind === 'tenant' && id === '') return { kind };
  if ((kind === 'client' || kind === 'agent') && id !== '') return { kind, id };
  throw new UsageError(
    'A limit applies to the tenant, a client or an agent.',
    'Write "tenant", "client <client-id>" or "agent <name>".',
  );
}

/** The subject in words. */
function shownSubject(subject: { readonly kind: string; readonly id?: string }): string {
  return subject.id === undefined ? `the ${subject.kind}` : `${subject.kind} ${subject.id}`;
}

const fields = {
  rate: 'requestsPerSecond',
  burst: 'burstRequests',
  'per-day': 'sendsPerDay',
  'per-month': 'sendsPerMonth',
} as const;

const limitSet: Command = {
  name: 'limit set',
  summary: 'Set the rate limit and quotas of the tenant, a client or an agent',
  positionals: ['<tenant|client|agent>', '[client-id|agent]'],
  options: {
    rate: { type: 'string', value: 'number', description: 'Requests per second; for an agent, messages to it' },
    burst: { type: 'string', value: 'count', description: 'Requests at once; default those of one second' },
    'per-day': { type: 'string', value: 'count', description: 'Messages per day (UTC)' },
    'per-month': { type: 'string', value: 'count', description: 'Messages per month (UTC)' },
  },
  connects: true,
  details:
    'Replaces the former limit. Only operators set the limit of a tenant. A client or agent can not exceed\n' +
    'the limit of its tenant, and an agent can not exceed the limit on its card.',
  examples: ['colloquy limit set client cli_… --rate 5 --burst 20', 'colloquy limit set tenant --per-day 100000'],
  async run({ args, client, output }) {
    const subject = limitSubjectOf(args);
    const settings: LimitSettings = Object.fromEntries(
      Object.entries(fields).flatMap(([name, field]) => {
        const text = args.text(name);
        return text === undefined ? [] : [[field, amountOf(name, text)]];
      }),
    );
    if (Object.keys(settings).length === 0)
      throw new UsageError('No limit was given.', 'Give --rate, --burst, --per-day or --per-month.');
    const set = await setLimit(client().admin, subject, settings);
    output.print({ ...subject, ...set }, `Set the limit of ${shownSubject(subject)}.`);
  },
};

function setLimit(admin: AdminClient, subject: LimitSubject, body: LimitSettings): Promise<LimitSettings> {
  if (subject.kind === 'tenant') return admin.setTenantLimit({ body });
  if (subject.kind === 'client') return admin.setClientLimit({ client: subject.id, body });
  return admin.setAgentLimit({ agent: subject.id, body });
}

function amountOf(name: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text))
    throw new UsageError(`--${name} must be a number, not "${text}".`, `Write it like --${name} 20.`);
  return Number(text);
}

const limitList: Command = {
  name: 'limit list',
  summary: 'List the rate limits and quotas of the tenant',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy limit list'],
  async run({ client, output }) {
    const { admin } = client();
    const limits = await allItems(admin.listLimits, {});
    const shown = (value: number | undefined): string => (value === undefined ? '-' : String(value));
    const rows = limits.map(({ subject, id, requestsPerSecond, burstRequests, sendsPerDay, sendsPerMonth }) => [
      id === undefined ? subject : `${subject} ${id}`,
      ...[requestsPerSecond, burstRequests, sendsPerDay, sendsPerMonth].map(shown),
    ]);
    output.print(limits, table(['FOR', 'RATE', 'BURST', 'PER DAY', 'PER MONTH'], rows) || 'No limits are set.');
  },
};

const limitUnset: Command = {
  name: 'limit unset',
  summary: 'Remove the limit of the tenant, a client or an agent',
  positionals: ['<tenant|client|agent>', '[client-id|agent]'],
  options: {},
  connects: true,
  examples: ['colloquy limit unset agent rates'],
  async run({ args, client, output }) {
    const subject = limitSubjectOf(args);
    const { admin } = client();
    if (subject.kind === 'tenant') await admin.unsetTenantLimit();
    else if (subject.kind === 'client') await admin.unsetClientLimit({ client: subject.id });
    else await admin.unsetAgentLimit({ agent: subject.id });
    output.print({ ...subject, unset: true }, `Removed the limit of ${shownSubject(subject)}.`);
  },
};

export const limitNouns: Nouns = {
  limit: { group: 'Credits and limits', summary: 'Set rate limits and quotas' },
};

/** The commands of limit, in the order of the help. */
export const limitCommands: readonly Command[] = [limitSet, limitList, limitUnset];
