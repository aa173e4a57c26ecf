import type { Command } from '../command.ts';
import { diffText, versionsText } from '../output/card-text.ts';

const versionMax = 2_147_483_647;

export const agentDiff: Command = {
  name: 'agent diff',
  summary: 'Show what differs between two versions of the card of an agent',
  positionals: ['<name>'],
  options: {
    from: { type: 'string', value: 'version', description: 'The older one; default the one in use' },
    to: { type: 'string', value: 'version', description: 'The newer one; default the one that waits' },
  },
  connects: true,
  details: 'When no version waits, the one in use is compared with the one before. Needs the scope agents:write.',
  examples: ['colloquy agent diff billing', 'colloquy agent diff billing --from 1 --to 3'],
  async run({ args, client, output }) {
    const from = args.wholeNumber('from', 1, versionMax);
    const to = args.wholeNumber('to', 1, versionMax);
    const wanted = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    const compared = await client().admin.compareCards({ agent: args.positional(0), ...wanted });
    output.print(compared, `${versionsText([compared.from, compared.to])}\n\n${diffText(compared.diff)}`);
  },
};
