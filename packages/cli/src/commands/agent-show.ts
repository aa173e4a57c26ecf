import type { Command } from '../command.ts';
import { agentFacts } from '../output/agent-facts.ts';
import { UsageError } from '../usage-error.ts';

const versionMax = 2_147_483_647;

export const agentShow: Command = {
  name: 'agent show',
  summary: 'Show one agent of the tenant',
  positionals: ['<name>'],
  options: {
    original: {
      type: 'boolean',
      description: 'Print the card as the agent published it; needs the scope agents:write',
    },
    version: { type: 'string', value: 'version', description: 'Which card version; with --original' },
  },
  connects: true,
  examples: ['colloquy agent show billing --original > card.json'],
  async run({ args, client, output }) {
    const name = args.positional(0);
    const version = args.wholeNumber('version', 1, versionMax);
    if (args.flag('original')) {
      const original = await client().admin.getOriginalCard({ agent: name, version });
      return output.print(original, JSON.stringify(original.card, null, 2));
    }
    if (version !== undefined) throw new UsageError('--version belongs to --original.', 'Add --original.');
    const agent = await client().admin.getAgent({ agent: name });
    output.print(agent, agentFacts(agent));
  },
};
