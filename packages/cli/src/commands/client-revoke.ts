import type { Command } from '../command.ts';

export const clientRevoke: Command = {
  name: 'client revoke',
  summary: 'Revoke a client; its tokens are refused within seconds',
  positionals: ['<client-id>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const clientId = args.positional(0);
    await client().admin.revokeClient({ client: clientId });
    output.print({ clientId, revoked: true }, `Revoked ${clientId}.`);
  },
};
