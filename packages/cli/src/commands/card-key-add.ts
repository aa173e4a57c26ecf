import type { Command } from '../command.ts';
import { jsonIn } from '../json-file.ts';

export const cardKeyAdd: Command = {
  name: 'card-key add',
  summary: 'Trust the cards that a key signed',
  positionals: ['<name>', '<jwk-file>'],
  options: { kid: { type: 'string', value: 'id', description: 'Key id that signatures name, when the file has none' } },
  connects: true,
  details:
    'The file holds one public JSON Web Key (RFC 7517). Nothing else is a source of keys: neither a card nor an\n' +
    'address that a card names. Needs the scope agents:approve.',
  examples: ['colloquy card-key add "Agents of Acme" ./acme-public.jwk.json'],
  async run({ args, client, output }) {
    const kid = args.text('kid');
    const jwk = { ...jsonIn(args.positional(1)), ...(kid === undefined ? {} : { kid }) };
    const key = await client().admin.addCardKey({ body: { name: args.positional(0), jwk } });
    output.print(key, `Trusting ${key.kid} (${key.algorithms.join(', ')}).`);
  },
};
