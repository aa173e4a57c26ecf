import type { Command } from '../command.ts';

export const grantRemove: Command = {
  name: 'grant remove',
  summary: 'Take a role away; who has lost the last one may do nothing',
  positionals: ['<grant-id>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const grantId = args.positional(0);
    await client().admin.removeGrant({ grant: grantId });
    output.print({ grantId, removed: true }, `Removed ${grantId}.`);
  },
};
