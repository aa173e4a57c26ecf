import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const cardKeyList: Command = {
  name: 'card-key list',
  summary: 'List the keys whose signatures on cards are trusted, revoked ones too',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const keys = await allItems(admin.listCardKeys, {});
    const rows = keys.map(({ kid, name, algorithms, revokedAt, addedBy }) => [
      kid,
      name,
      algorithms.join(' '),
      revokedAt === undefined ? 'trusted' : `revoked ${revokedAt}`,
      addedBy,
    ]);
    output.print(keys, table(['KEY', 'NAME', 'ALGORITHMS', 'STATE', 'ADDED BY'], rows) || 'There are no card keys.');
  },
};
