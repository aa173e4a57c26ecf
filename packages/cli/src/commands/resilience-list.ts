import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const resilienceList: Command = {
  name: 'resilience list',
  summary: 'List how agents of the tenant are called when things go wrong',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const policies = await allItems(admin.listResiliencePolicies, {});
    const rows = policies.map(({ agent, skill = '-', changedBy: _by, changedAt: _at, ...terms }) => [
      agent,
      skill,
      Object.entries(terms)
        .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : String(value)}`)
        .join(' '),
    ]);
    output.print(policies, table(['AGENT', 'SKILL', 'TERMS'], rows) || 'Nothing is set.');
  },
};
