import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { versionsText } from '../output/card-text.ts';

export const agentVersions: Command = {
  name: 'agent versions',
  summary: 'List the versions of the card of an agent, newest first',
  positionals: ['<name>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const { admin } = client();
    const versions = await allItems(admin.listCardVersions, { agent: args.positional(0) });
    output.print(versions, versionsText(versions));
  },
};
