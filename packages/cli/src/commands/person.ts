import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { scopeOption, scopesOf } from '../option-groups.ts';
import { facts, table } from '../output/table.ts';

const personCreate: Command = {
  name: 'person create',
  summary: 'Create a person and show the link that sets their password',
  positionals: ['<login-name>'],
  options: {
    scope: scopeOption,
  },
  connects: true,
  details: 'Sends no mail: give the link to the person. It works once, within a day.',
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

const personList: Command = {
  name: 'person list',
  summary: 'List the people of the tenant',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy person list'],
  async run({ client, output }) {
    const { admin } = client();
    const people = await allItems(admin.listPeople, {});
    const rows = people.map(({ personId, loginName, scopes, hasPassword, disabledAt }) => {
      const state = hasPassword ? 'can sign in' : 'no password yet';
      return [personId, loginName, disabledAt === undefined ? state : 'disabled', scopes.join(' ')];
    });
    output.print(people, table(['PERSON', 'LOGIN NAME', 'STATE', 'SCOPES'], rows) || 'There are no people.');
  },
};

const personResetPassword: Command = {
  name: 'person reset-password',
  aliases: ['person link'],
  summary: 'Create a new link that sets the password of a person',
  positionals: ['<person-id>'],
  options: {},
  connects: true,
  details: 'The former link stops working. Sends no mail: give the link to the person.',
  examples: ['colloquy person reset-password per_…'],
  async run({ args, client, output }) {
    const link = await client().admin.createPasswordLink({ person: args.positional(0) });
    output.print(link, `${link.passwordLink}\n\nThe link is not shown again.`);
  },
};

const personDisable: Command = {
  name: 'person disable',
  summary: 'Disable a person; their sessions and tokens end within seconds',
  positionals: ['<person-id>'],
  options: {},
  connects: true,
  examples: ['colloquy person disable per_…'],
  async run({ args, client, output }) {
    const personId = args.positional(0);
    await client().admin.setPersonAccess({ person: personId, body: { disabled: true } });
    output.print({ personId, disabled: true }, `Disabled ${personId}.`);
  },
};

const personEnable: Command = {
  name: 'person enable',
  summary: 'Enable a disabled person',
  positionals: ['<person-id>'],
  options: {},
  connects: true,
  examples: ['colloquy person enable per_…'],
  async run({ args, client, output }) {
    const personId = args.positional(0);
    await client().admin.setPersonAccess({ person: personId, body: { disabled: false } });
    output.print({ personId, disabled: false }, `Enabled ${personId}.`);
  },
};

export const personNouns: Nouns = {
  person: { group: 'Manage access', summary: 'Create, list, disable or enable people who sign in' },
};

/** The commands of person, in the order of the help. */
export const personCommands: readonly Command[] = [
  personCreate,
  personList,
  personResetPassword,
  personDisable,
  personEnable,
];
