import type { AgentSearch } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Arguments } from '../arguments.ts';
import { chosen } from '../chosen.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

const fields = ['name', 'skill', 'tag', 'capability', 'department', 'region'] as const;

export const agentSearch: Command = {
  name: 'agent search',
  summary: 'Find agents by what they can do, where they belong and how they are',
  positionals: ['[text]'],
  options: {
    skill: { type: 'string', value: 'id', description: 'The id of one of its skills' },
    tag: { type: 'string', value: 'tag', description: 'A tag of one of its skills' },
    capability: { type: 'string', value: 'name', description: 'A skill, a tag, a capability or an extension' },
    name: { type: 'string', value: 'prefix', description: 'How its name begins' },
    department: { type: 'string', value: 'name', description: 'Its department' },
    region: { type: 'string', value: 'region', description: 'One of its regions' },
    tier: { type: 'string', value: 'tier', description: 'gold, silver or bronze' },
    status: { type: 'string', value: 'status', description: 'active, maintenance or deprecated' },
    health: { type: 'string', value: 'health', description: 'healthy, degraded, unknown or unhealthy' },
  },
  connects: true,
  details: 'The text is looked for in names, cards and skills; the best agents come first. "or" and -words work.',
  examples: ['colloquy agent search "read invoices"', 'colloquy agent search --skill extract --tier gold'],
  async run({ args, client, output }) {
    const { admin } = client();
    const wanted = searchFrom(args);
    const agents = await allItems(admin.searchAgents, wanted);
    const rows = agents.map((agent) => [
      agent.name,
      agent.tier,
      agent.health,
      agent.department ?? '',
      agent.skillIds.join(', '),
      agent.description,
    ]);
    const head = ['NAME', 'TIER', 'HEALTH', 'DEPARTMENT', 'SKILLS', 'DESCRIPTION'];
    output.print(agents, table(head, rows) || 'No agent is like that.');
  },
};

function searchFrom(args: Arguments): AgentSearch {
  const text = args.positional(0);
  const tier = chosen(args, 'tier', ['gold', 'silver', 'bronze']);
  const status = chosen(args, 'status', ['active', 'maintenance', 'deprecated']);
  const health = chosen(args, 'health', ['healthy', 'degraded', 'unknown', 'unhealthy']);
  const given = fields.flatMap((field) => {
    const value = args.text(field);
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    ...(text === '' ? {} : { text }),
    ...Object.fromEntries(given),
    ...(tier === undefined ? {} : { tier }),
    ...(status === undefined ? {} : { status }),
    ...(health === undefined ? {} : { health }),
  };
}
