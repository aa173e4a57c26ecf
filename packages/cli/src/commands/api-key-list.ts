import type { ApiKey } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const apiKeyList: Command = {
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
