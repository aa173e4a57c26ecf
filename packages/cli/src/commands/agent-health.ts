import type { Command } from '../command.ts';
import { healthTable } from '../output/instance-text.ts';

export const agentHealth: Command = {
  name: 'agent health',
  summary: 'Show how well an agent is, in sum and instance by instance',
  positionals: ['<name>'],
  options: {},
  connects: true,
  examples: ['colloquy agent health billing'],
  async run({ args, client, output }) {
    const name = args.positional(0);
    const health = await client().admin.getAgentHealth({ agent: name });
    const sum = `${name} is ${health.state}; ${String(health.available)} of ${String(health.instances.length)} instances take tasks.`;
    output.print(health, health.instances.length === 0 ? sum : `${sum}\n\n${healthTable(health)}`);
  },
};
