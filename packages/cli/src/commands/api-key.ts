import type { ApiKey } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { allocationOf, allocationOptions, scopeOption, scopesOf } from '../option-groups.ts';
import { facts, table } from '../output/table.ts';

const daysMax = 366;

const apiKeyCreate: Command = {
  name: 'api-key create',
  summary: 'Create an API key of the tenant and show it once',
  positionals: ['<name>'],
  options: {
    scope: scopeOption,
    agent: {
      type: 'string',
      value: 'name',
      multiple: true,
      description: 'Agent that the key may call; default every agent of the tenant',
    },
    'expires-in-days': {
      type: 'string',
      value: 'days',
      description: `Days until the key expires, at most ${daysMax}; default 90`,
    },
    ...allocationOptions,
  },
  connects: true,
  details:
    'Programs send the key as "Authorization: Bearer <key>" or as "X-API-Key: <key>". Keys with the same name\n' +
    'act as one principal, and two of them can be active. To rotate a key, create a second one, give it to\n' +
    'the program and revoke the first. A key never has the scope clients:write; a key that is limited to\n' +
    'agents has a2a scopes only.',
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
        ...allocationOf(args),
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
  summary: 'List the API keys of the tenant, including revoked and expired keys',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy api-key list'],
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
  return Date.parse(expiresAt) > nowMs ? `until ${expiresAt}` : `expired ${expiresAt}`;
}

const apiKeyRevoke: Command = {
  name: 'api-key revoke',
  summary: 'Revoke an API key; the platform refuses it within seconds',
  positionals: ['<key-id>'],
  options: {},
  connects: true,
  examples: ['colloquy api-key revoke apk_…'],
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
