import type { Command } from '../command.ts';
import { allItems } from '../all-items.ts';
import { table } from '../output/table.ts';

export const tenantList: Command = {
  name: 'tenant list',
  summary: 'List the tenants of the platform (operators)',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const tenants = await allItems(admin.listTenants, {});
    const rows = tenants.map(({ slug, name, createdAt }) => [slug, name, createdAt]);
    output.print(tenants, table(['SLUG', 'NAME', 'CREATED'], rows) || 'There are no tenants.');
  },
};
