import type { Command } from '../command.ts';

export const deliveryReplay: Command = {
  name: 'delivery replay',
  summary: 'Tell a receiver again what it was told or was to be told',
  positionals: ['<id>'],
  options: {},
  connects: true,
  details: 'Tried once, under the same id, so that the receiver can tell. Needs the scope deliveries:write.',
  examples: [],
  async run({ args, client, output }) {
    const delivery = await client().admin.replayDelivery({ delivery: args.positional(0) });
    output.print(delivery, `${delivery.deliveryId} is sent again to ${delivery.url}.`);
  },
};
