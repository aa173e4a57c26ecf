import type { Command } from '../command.ts';

export const deliverySecret: Command = {
  name: 'delivery secret',
  summary: 'Show the secret that the receiver of a delivery checks its signature with',
  positionals: ['<id>'],
  options: {},
  connects: true,
  details: 'The same for every delivery of one push notification config. Needs the scope deliveries:write.',
  examples: [],
  async run({ args, client, output }) {
    const signingSecret = (await client().admin.showSigningSecret({ delivery: args.positional(0) })).signingSecret;
    output.print({ signingSecret }, signingSecret);
  },
};
