import type { Command } from '../command.ts';
import { facts } from '../output/table.ts';
import { everydayScopes, scopesOf } from '../scope-option.ts';

const daysMax = 366;

export const apiKeyCreate: Command = {
  name: 'api-key create',
  summary: 'Create an API key of the tenant and show it once',
  positionals: ['<name>'],
  options: {
    scope: {
      type: 'string',
      value: 'scope',
      multiple: true,
      description: `Scope to give; default ${everydayScopes.join(', ')}`,
    },
    agent: {
      type: 'string',
      value: 'name',
      multiple: true,
      description: 'Agent that it may call; default every agent of the tenant',
    },
    'expires-in-days': {
      type: 'string',
      value: 'days',
      description: `Days until it ends, at most ${daysMax}; default 90`,
    },
  },
  connects: true,
  details:
    'Programs send it as "Authorization: Bearer <key>" or as "X-API-Key: <key>". Keys of one name act as one\n' +
    'principal, and two of them can be live: create the next one, move the program to it, and revoke the first.\n' +
    'A key never holds clients:write, and one that is limited to agents holds a2a scopes only.',
  examples: ['colloquy api-key create ci --scope a2a:send --scope a2a:read --agent echo --expires-in-days 30'],
  async run({ args, client, output }) {
    const agents = args.texts('agent');
    const expiresInDays = args.wholeNumber('expires-in-days', 1, daysMax);
    const created = await client().admin.createApiKey({
      body: {
        name: args.positional(0),
        scopes: scopesOf(args),
        ...(agents.length === 0 ? {} : { agents }),
        ...(expiresInDays === undefined ? {} : { expiresInDays }),
      },
    });
    const shown = facts([
      ['key id', created.keyId],
      ['api key', created.apiKey],
      ['scopes', created.scopes.join(' ')],
      ['agents', created.agents?.join(' ') ?? 'all'],
      ['expires', created.expiresAt],
    ]);
    output.print(created, `${shown}\n\nThe key is not shown again.`);
  },
};
