import { allPages } from '../all-pages.ts';
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
    const instances = await allPages((page) => admin.instances.list(args.positional(0), page));
    output.print(instances, instanceTable(instances) || 'It runs nowhere; see "colloquy instance add --help".');
  },
};
