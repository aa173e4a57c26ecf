import type { Command } from '../command.ts';
import { writeProfile } from '../connection/profile.ts';
import { facts } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

const everyday = ['a2a:send', 'a2a:read', 'a2a:cancel'];

export const clientCreate: Command = {
  name: 'client create',
  summary: 'Create a client of the tenant and show its secret once',
  positionals: ['<name>'],
  options: {
    scope: {
      type: 'string',
      value: 'scope',
      multiple: true,
      description: `Scope to give; default ${everyday.join(', ')}`,
    },
    'save-profile': { type: 'string', value: 'name', description: 'Keep it as a profile of this command' },
  },
  connects: true,
  details:
    'Scopes of a tenant are a2a:send, a2a:read, a2a:cancel, agents:write, agents:approve, credits:read,\n' +
    'audit:read, tasks:inspect, deliveries:read, deliveries:write and clients:write. Nobody gives a scope\n' +
    'that they lack.',
  examples: ['colloquy client create ci --scope a2a:send --scope a2a:read'],
  async run({ args, client, env, output, settings }) {
    const chosen = args.texts('scope').flatMap((scope) => scope.split(/[\s,]+/).filter((word) => word !== ''));
    const profile = args.text('save-profile');
    if (profile === '') throw new UsageError('--save-profile needs a name.', 'Give one, for example "acme".');
    const created = await client().admin.clients.create({
      name: args.positional(0),
      scopes: chosen.length > 0 ? chosen : everyday,
    });
    const { url, tenant } = settings();
    const { clientId, clientSecret, scopes } = created;
    const credentials = { url, tenant, clientId, clientSecret };
    const shown = facts([
      ['client id', clientId],
      ['client secret', clientSecret],
      ['scopes', scopes.join(' ')],
      ...(profile === undefined
        ? []
        : [['profile', `${profile} in ${writeProfile(env, profile, credentials)}`] as const]),
    ]);
    output.print(created, `${shown}\n\nThe secret is not shown again.`);
  },
};
