import type { ApiKey } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { facts, table } from '../output/table.ts';
import { everydayScopes, scopesOf } from '../scope-option.ts';

const daysMax = 366;

const apiKeyCreate: Command = {
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

const apiKeyList: Command = {
  name: 'api-key list',
  summary: 'List the API keys of the tenant, those that are out too',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output, nowMs }) {
    const { admin } = client();
    const keys = await allItems(admin.listApiKeys, {});
    const rows = keys.map((key) => [
      key.keyId,
      key.name,
      stateOf(key, nowMs()),
      key.lastUsedAt ?? 'never',
      key.agents?.join(' ') ?? 'all',
      key.scopes.join(' '),
    ]);
    const shown = table(['KEY', 'NAME', 'STATE', 'LAST USED', 'AGENTS', 'SCOPES'], rows);
    output.print(keys, shown || 'There are no API keys.');
  },
};

function stateOf({ revokedAt, expiresAt }: ApiKey, nowMs: number): string {
  if (revokedAt !== undefined) return `revoked ${revokedAt}`;
  return Date.parse(expiresAt) > nowMs ? `until ${expiresAt}` : `ended ${expiresAt}`;
}

const apiKeyRevoke: Command = {
  name: 'api-key revoke',
  summary: 'Revoke an API key; it is refused within seconds',
  positionals: ['<key-id>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const keyId = args.positional(0);
    await client().admin.revokeApiKey({ key: keyId });
    output.print({ keyId, revoked: true }, `Revoked ${keyId}.`);
  },
};

export const apiKeyNouns: Nouns = {
  'api-key': { group: 'Manage access', summary: 'Create, list or revoke API keys' },
};

/** The commands of api-key, in the order of the help. */
export const apiKeyCommands: readonly Command[] = [apiKeyCreate, apiKeyList, apiKeyRevoke];
