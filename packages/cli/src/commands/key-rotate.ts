import type { Command } from '../command.ts';

export const keyRotate: Command = {
  name: 'key rotate',
  summary: 'Publish a successor of the key that signs (operators)',
  positionals: [],
  options: {},
  connects: true,
  details: 'It signs ten minutes later, when everybody who keeps the published keys can know it.',
  examples: [],
  async run({ client, output }) {
    const kid = (await client().admin.rotateSigningKey()).kid;
    output.print({ kid }, `Published ${kid}.`);
  },
};
