import type { Command } from '../command.ts';

export const issuerRemove: Command = {
  name: 'issuer remove',
  summary: 'Accept no more tokens of an external issuer',
  positionals: ['<issuer-id>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const issuerId = args.positional(0);
    await client().admin.removeIssuer({ issuer: issuerId });
    output.print({ issuerId, removed: true }, `Removed ${issuerId}.`);
  },
};
