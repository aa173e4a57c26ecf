import type { Command } from '../command.ts';

export const egressAllow: Command = {
  name: 'egress allow',
  summary: 'Let the platform call a private address for the tenant, and for no other (operators)',
  positionals: ['<target>'],
  options: {},
  connects: true,
  details: 'The target is a range, one address, or the exact name of a host. What is open to all is configuration.',
  examples: ['colloquy egress allow 10.1.0.0/16 --tenant acme', 'colloquy egress allow agents.internal --tenant acme'],
  async run({ args, client, output }) {
    const allowance = await client().admin.allowEgress({ body: { target: args.positional(0) } });
    output.print(allowance, `${allowance.target} is open to the tenant, within 5 seconds everywhere.`);
  },
};
