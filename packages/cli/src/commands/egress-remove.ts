import type { Command } from '../command.ts';

export const egressRemove: Command = {
  name: 'egress remove',
  summary: 'Close a private address to the tenant again (operators)',
  positionals: ['<target>'],
  options: {},
  connects: true,
  examples: ['colloquy egress remove 10.1.0.0/16 --tenant acme'],
  async run({ args, client, output }) {
    const target = args.positional(0);
    await client().admin.removeEgressAllowance({ target });
    output.print({ target }, `${target} is closed to the tenant, within 5 seconds everywhere.`);
  },
};
