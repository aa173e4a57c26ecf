import type { Command } from '../command.ts';

export const clientSignIn: Command = {
  name: 'client sign-in',
  summary: 'Let people sign in through a client, and say where it may send them back to',
  positionals: ['<client-id>'],
  options: {
    'redirect-uri': { type: 'string', value: 'address', multiple: true, description: 'Exact address; give each one' },
    public: { type: 'boolean', description: 'It can keep no secret, and gets no tokens of its own' },
  },
  connects: true,
  examples: ['colloquy client sign-in cli_0123 --redirect-uri https://console.example.org/back'],
  async run({ args, client, output }) {
    const clientId = args.positional(0);
    const wish = { redirectUris: args.texts('redirect-uri'), public: args.flag('public') };
    const set = await client().admin.setSignIn({ client: clientId, body: wish });
    output.print(set, `People can sign in through ${clientId}, back to ${set.redirectUris.join(', ')}.`);
  },
};
