import { allPages } from '../all-pages.ts';
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
    const versions = await allPages((page) => admin.cards.versions(args.positional(0), page));
    output.print(versions, versionsText(versions));
  },
};
