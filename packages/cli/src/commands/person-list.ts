import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { table } from '../output/table.ts';

export const personList: Command = {
  name: 'person list',
  summary: 'List the people of the tenant',
  positionals: [],
  options: {},
  connects: true,
  examples: [],
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
