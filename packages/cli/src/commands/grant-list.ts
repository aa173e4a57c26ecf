import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const grantList: Command = {
  name: 'grant list',
  summary: 'List the roles that principals of the tenant have',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const grants = await allItems(admin.listGrants, {});
    const rows = grants.map(({ grantId, principal, role, agent, skill }) => [
      grantId,
      principal,
      role,
      agent ?? 'the tenant',
      skill ?? '',
    ]);
    output.print(grants, table(['GRANT', 'PRINCIPAL', 'ROLE', 'AT', 'SKILL'], rows) || 'Nobody has a role.');
  },
};
