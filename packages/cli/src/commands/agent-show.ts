import type { Command } from '../command.ts';
import { agentFacts } from '../output/agent-facts.ts';

export const agentShow: Command = {
  name: 'agent show',
  summary: 'Show one agent of the tenant',
  positionals: ['<name>'],
  options: {},
  connects: true,
  examples: [],
  async run({ args, client, output }) {
    const agent = await client().admin.agents.get(args.positional(0));
    output.print(agent, agentFacts(agent));
  },
};
