import type { Command } from '../command.ts';

const overlapMsMax = 30 * 24 * 60 * 60_000;

export const deliveryRotateSecret: Command = {
  name: 'delivery rotate-secret',
  summary: 'Give the receiver of a delivery a new secret; for a while both sign',
  positionals: ['<id>'],
  options: {
    'overlap-ms': {
      type: 'string',
      value: 'ms',
      description: 'How long the secret of before signs too; 0 when others know it. A day when left out',
    },
  },
  connects: true,
  details: 'For every delivery of the same push notification config. Needs the scope deliveries:write.',
  examples: [],
  async run({ args, client, output }) {
    const overlapMs = args.wholeNumber('overlap-ms', 0, overlapMsMax);
    const options = overlapMs === undefined ? {} : { overlapMs };
    const rotated = await client().admin.rotateSigningSecret({ delivery: args.positional(0), body: options });
    output.print(rotated, `${rotated.signingSecret}\nThe secret of before signs too until ${rotated.formerUntil}.`);
  },
};
