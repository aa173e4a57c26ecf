import type { Command } from '../command.ts';

export const cardKeyRevoke: Command = {
  name: 'card-key revoke',
  summary: 'Trust a key no more; its id is never used again',
  positionals: ['<kid>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const kid = args.positional(0);
    await client().admin.revokeCardKey({ kid });
    output.print({ kid, revoked: true }, `Revoked ${kid}.`);
  },
};
