import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const keyList: Command = {
  name: 'key list',
  summary: 'List the signing keys of the platform (operators)',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const keys = (await client().admin.listSigningKeys()).items;
    const rows = keys.map(({ kid, state, createdAt }) => [kid, state, createdAt]);
    output.print(keys, table(['KEY', 'STATE', 'CREATED'], rows));
  },
};
