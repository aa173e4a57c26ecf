import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { creditsText } from '../output/credits.ts';
import { table } from '../output/table.ts';

export const agentList: Command = {
  name: 'agent list',
  summary: 'List the agents of the tenant',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
  async run({ client, output }) {
    const { admin } = client();
    const agents = await allItems(admin.listAgents, {});
    const rows = agents.map((agent) => [
      agent.name,
      agent.version,
      creditsText(agent.priceMicrocredits),
      agent.streaming ? 'yes' : 'no',
      agent.skillIds.join(', '),
      agent.description,
    ]);
    const head = ['NAME', 'VERSION', 'PRICE', 'STREAMS', 'SKILLS', 'DESCRIPTION'];
    output.print(agents, table(head, rows) || 'There are no agents; see "colloquy agent register --help".');
  },
};
