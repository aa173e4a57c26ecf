import type { Command } from '../command.ts';

export const apiKeyRevoke: Command = {
  name: 'api-key revoke',
  summary: 'Revoke an API key; it is refused within seconds',
  positionals: ['<key-id>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const keyId = args.positional(0);
    await client().admin.revokeApiKey({ key: keyId });
    output.print({ keyId, revoked: true }, `Revoked ${keyId}.`);
  },
};
