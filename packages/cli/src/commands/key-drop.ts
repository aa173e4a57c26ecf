import type { Command } from '../command.ts';

export const keyDrop: Command = {
  name: 'key drop',
  summary: 'Drop a signing key at once; nothing that it signed is believed (operators)',
  positionals: ['<key-id>'],
  options: {},
  connects: true,
  details:
    'For a key that may be in wrong hands. Every token that it signed is refused by every node within seconds,\n' +
    'and streams that live on one end. Another key signs from then on.',
  examples: [],
  async run({ args, client, output }) {
    const kid = args.positional(0);
    await client().admin.dropSigningKey({ kid });
    output.print({ kid, dropped: true }, `Dropped ${kid}.`);
  },
};
