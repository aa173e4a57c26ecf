import type { AdminClient, LimitSettings } from '@colloquy/sdk/client';
import type { Command } from '../command.ts';
import { limitSubjectOf, shownSubject } from '../limit-subject.ts';
import type { LimitSubject } from '../limit-subject.ts';
import { UsageError } from '../usage-error.ts';

const fields = {
  rate: 'requestsPerSecond',
  burst: 'burstRequests',
  'per-day': 'sendsPerDay',
  'per-month': 'sendsPerMonth',
} as const;

export const limitSet: Command = {
  name: 'limit set',
  summary: 'Set how fast and how much the tenant, a client or an agent may be asked',
  positionals: ['<tenant|client|agent>', '[client-id|agent]'],
  options: {
    rate: { type: 'string', value: 'number', description: 'Requests a second over time; of an agent, messages to it' },
    burst: { type: 'string', value: 'count', description: 'Requests at once; without it, those of one second' },
    'per-day': { type: 'string', value: 'count', description: 'Messages sent in one day (UTC)' },
    'per-month': { type: 'string', value: 'count', description: 'Messages sent in one month (UTC)' },
  },
  connects: true,
  details:
    'Replaces what was set before. Only an operator sets the limit of a tenant; a client or an agent is\n' +
    'never given more than its tenant has, and an agent never more than its card says.',
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
  if (!/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`--${name} must be a number.`, 'Give one, for example 20.');
  return Number(text);
}
