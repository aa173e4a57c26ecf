import type { Command } from '../command.ts';
import { facts } from '../output/table.ts';
import { everydayScopes, scopesOf } from '../scope-option.ts';

export const personCreate: Command = {
  name: 'person create',
  summary: 'Create a person of the tenant and show the link that sets their password',
  positionals: ['<login-name>'],
  options: {
    scope: {
      type: 'string',
      value: 'scope',
      multiple: true,
      description: `Scope that programs can use for them; default ${everydayScopes.join(', ')}`,
    },
  },
  connects: true,
  details: 'No mail is sent: give the link to the person. It works once, for a day.',
  examples: ['colloquy person create ada@example.org --scope a2a:send --scope a2a:read'],
  async run({ args, client, output }) {
    const scopes = scopesOf(args);
    const created = await client().admin.createPerson({ body: { loginName: args.positional(0), scopes } });
    const shown = facts([
      ['person id', created.personId],
      ['login name', created.loginName],
      ['scopes', created.scopes.join(' ')],
      ['password link', created.passwordLink],
    ]);
    output.print(created, `${shown}\n\nThe link is not shown again.`);
  },
};
