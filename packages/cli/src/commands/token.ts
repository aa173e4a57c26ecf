import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';

const token: Command = {
  name: 'token',
  summary: 'Get an access token and print it',
  positionals: [],
  options: {},
  connects: true,
  examples: ['curl -H "Authorization: Bearer $(colloquy token)" "$COLLOQUY_URL/api/v1/tenants/acme/agents"'],
  async run({ client, output }) {
    const issued = await client().issueToken();
    output.print(issued, issued.accessToken);
  },
};

export const tokenNouns: Nouns = {
  token: { group: 'Start' },
};

export const tokenCommands: readonly Command[] = [token];
