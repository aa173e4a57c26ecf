import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const issuerList: Command = {
  name: 'issuer list',
  summary: 'List the external issuers of the tenant, removed ones too',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const issuers = await allItems(admin.listIssuers, {});
    const rows = issuers.map(({ issuerId, name, issuer, audience, removedAt, scopeMap }) => [
      issuerId,
      name,
      removedAt === undefined ? 'accepted' : `removed ${removedAt}`,
      issuer,
      audience,
      Object.entries(scopeMap)
        .map(([word, scopes]) => `${word}=${scopes.join(',')}`)
        .join(' '),
    ]);
    const shown = table(['ISSUER ID', 'NAME', 'STATE', 'ISSUER', 'AUDIENCE', 'GRANTS'], rows);
    output.print(issuers, shown || 'There are no external issuers.');
  },
};
