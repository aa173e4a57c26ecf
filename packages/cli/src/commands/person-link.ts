import type { Command } from '../command.ts';

export const personLink: Command = {
  name: 'person link',
  summary: 'Make a new link that sets the password of a person',
  positionals: ['<person-id>'],
  options: {},
  connects: true,
  details: 'The link before works no more. No mail is sent: give the link to the person.',
  examples: [],
  async run({ args, client, output }) {
    const link = await client().admin.createPasswordLink({ person: args.positional(0) });
    output.print(link, `${link.passwordLink}\n\nThe link is not shown again.`);
  },
};
