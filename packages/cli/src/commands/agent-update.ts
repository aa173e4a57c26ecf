import type { Command } from '../command.ts';
import { jsonIn } from '../json-file.ts';
import { diffText } from '../output/card-text.ts';
import { UsageError } from '../usage-error.ts';

export const agentUpdate: Command = {
  name: 'agent update',
  summary: 'Read the card of an agent anew',
  positionals: ['<name>', '[card-url]'],
  options: { 'card-file': { type: 'string', value: 'file', description: 'File with the card; instead of an address' } },
  connects: true,
  details:
    'Without an address or a file, the card is fetched from where the one in use came from. A card that\n' +
    'changes where the agent is, its security or its skills may have to be approved before it is used.',
  examples: ['colloquy agent update billing', 'colloquy agent update billing --card-file ./card.json'],
  async run({ args, client, output }) {
    const [name, cardUrl] = [args.positional(0), args.positional(1)];
    const file = args.text('card-file');
    if (cardUrl !== '' && file !== undefined) {
      throw new UsageError('A card has one source.', 'Give an address or --card-file, not both.');
    }
    const source = { ...(cardUrl === '' ? {} : { cardUrl }), ...(file === undefined ? {} : { card: jsonIn(file) }) };
    const updated = await client().admin.updateCard({ agent: name, body: source });
    const { version, diff } = updated;
    const head =
      version.status === 'pending'
        ? `Card version ${version.version} of ${name} waits; see "colloquy agent approve --help".`
        : `${name} uses card version ${version.version}.`;
    output.print(updated, `${head}\n\n${diffText(diff)}`);
  },
};
