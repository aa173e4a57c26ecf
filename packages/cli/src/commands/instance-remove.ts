import type { Command } from '../command.ts';

export const instanceRemove: Command = {
  name: 'instance remove',
  summary: 'Take an instance out; what it works on goes on',
  positionals: ['<agent>', '<instance>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const [agent, instanceId] = [args.positional(0), args.positional(1)];
    await client().admin.removeInstance({ agent, instance: instanceId });
    output.print({ agent, instanceId, removed: true }, `Removed ${instanceId} of ${agent}.`);
  },
};
