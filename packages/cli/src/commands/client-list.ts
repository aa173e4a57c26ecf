import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const clientList: Command = {
  name: 'client list',
  summary: 'List the clients of the tenant, revoked ones too',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const clients = await allItems(admin.listClients, {});
    const rows = clients.map(({ clientId, name, scopes, revokedAt }) => [
      clientId,
      name,
      revokedAt === undefined ? 'active' : `revoked ${revokedAt}`,
      scopes.join(' '),
    ]);
    output.print(clients, table(['CLIENT', 'NAME', 'STATE', 'SCOPES'], rows) || 'There are no clients.');
  },
};
