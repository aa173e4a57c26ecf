import type { Command } from '../command.ts';

export const agentDeregister: Command = {
  name: 'agent deregister',
  summary: 'Take an agent out of service; its open tasks go on',
  positionals: ['<name>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const name = args.positional(0);
    await client().admin.deregisterAgent({ agent: name });
    output.print({ name, deregistered: true }, `Deregistered ${name}.`);
  },
};
