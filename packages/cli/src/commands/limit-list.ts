import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const limitList: Command = {
  name: 'limit list',
  summary: 'List the limits that were set in the tenant',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const limits = await allItems(admin.listLimits, {});
    const shown = (value: number | undefined): string => (value === undefined ? '-' : String(value));
    const rows = limits.map(({ subject, id, requestsPerSecond, burstRequests, sendsPerDay, sendsPerMonth }) => [
      id === undefined ? subject : `${subject} ${id}`,
      ...[requestsPerSecond, burstRequests, sendsPerDay, sendsPerMonth].map(shown),
    ]);
    output.print(limits, table(['FOR', 'RATE', 'BURST', 'PER DAY', 'PER MONTH'], rows) || 'No limits are set.');
  },
};
