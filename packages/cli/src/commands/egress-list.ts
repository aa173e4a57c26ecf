import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const egressList: Command = {
  name: 'egress list',
  summary: 'List the private addresses that the platform may call for the tenant (operators)',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy egress list --tenant acme'],
  async run({ client, output }) {
    const allowances = (await client().admin.listEgressAllowances()).items;
    const rows = allowances.map(({ target, kind, allowedBy, createdAt }) => [target, kind, allowedBy, createdAt]);
    const text = table(['TARGET', 'KIND', 'ALLOWED BY', 'SINCE'], rows) || 'Nothing private is open to this tenant.';
    output.print(allowances, text);
  },
};
