import type { Command } from '../command.ts';
import { secretText } from '../output/secret-text.ts';

export const secretStatus: Command = {
  name: 'secret status',
  summary: 'Show which secret key is in use and how far its rotation is (operators)',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy secret status'],
  async run({ client, output }) {
    const state = await client().admin.showSecretKeys();
    output.print(state, secretText(state));
  },
};
