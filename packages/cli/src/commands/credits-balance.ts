import type { Command } from '../command.ts';
import { creditsText } from '../output/credits.ts';
import { facts } from '../output/table.ts';

export const creditsBalance: Command = {
  name: 'credits balance',
  summary: 'Show the wallet of the tenant',
  positionals: [],
  options: {},
  connects: true,
  details: 'granted = available + reserved + used. With --json in micro-credits: a million is one credit.',
  examples: [],
  async run({ client, output }) {
    const balance = await client().admin.readBalance();
    const text = facts([
      ['granted', creditsText(balance.grantedMicrocredits)],
      ['available', creditsText(balance.availableMicrocredits)],
      ['reserved', creditsText(balance.reservedMicrocredits)],
      ['used', creditsText(balance.usedMicrocredits)],
    ]);
    output.print(balance, text);
  },
};
