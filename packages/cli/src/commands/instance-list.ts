import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { instanceTable } from '../output/instance-text.ts';

export const instanceList: Command = {
  name: 'instance list',
  summary: 'List where an agent runs, and how well',
  positionals: ['<agent>'],
  options: {},
  connects: true,
  examples: ['colloquy instance list billing'],
  async run({ args, client, output }) {
    const { admin } = client();
    const instances = await allItems(admin.listInstances, { agent: args.positional(0) });
    output.print(instances, instanceTable(instances) || 'It runs nowhere; see "colloquy instance add --help".');
  },
};
