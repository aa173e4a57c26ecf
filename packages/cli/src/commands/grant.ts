import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';

const grantAdd: Command = {
  name: 'grant add',
  summary: 'Assign a role to a principal; with a role it may do only what its roles allow',
  positionals: ['<principal>', '<role>'],
  options: {
    agent: { type: 'string', value: 'name', description: 'Only for this agent' },
    skill: { type: 'string', value: 'id', description: 'Only for messages that name this skill of the agent' },
  },
  connects: true,
  details:
    'Roles are tenant-admin, developer, auditor, caller, agent and host. A caller can only assign permissions\nthat it has.',
  examples: ['colloquy grant add cli_0198c0de caller --agent echo'],
  async run({ args, client, output }) {
    const grant = await client().admin.createGrant({
      body: {
        principal: args.positional(0),
        role: args.positional(1),
        agent: args.text('agent'),
        skill: args.text('skill'),
      },
    });
    output.print(grant, `${grant.principal} has the role ${grant.role} (${grant.grantId}).`);
  },
};

const grantList: Command = {
  name: 'grant list',
  summary: 'List the role assignments of the tenant',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy grant list'],
  async run({ client, output }) {
    const { admin } = client();
    const grants = await allItems(admin.listGrants, {});
    const rows = grants.map(({ grantId, principal, role, agent, skill }) => [
      grantId,
      principal,
      role,
      agent ?? 'the tenant',
      skill ?? '',
    ]);
    output.print(grants, table(['GRANT', 'PRINCIPAL', 'ROLE', 'AT', 'SKILL'], rows) || 'No principal has a role.');
  },
};

const grantRemove: Command = {
  name: 'grant remove',
  summary: 'Remove a role; a principal that loses its last role may do nothing',
  positionals: ['<grant-id>'],
  options: {},
  connects: true,
  examples: ['colloquy grant remove grt_…'],
  async run({ args, client, output }) {
    const grantId = args.positional(0);
    await client().admin.removeGrant({ grant: grantId });
    output.print({ grantId, removed: true }, `Removed ${grantId}.`);
  },
};

export const grantNouns: Nouns = {
  grant: { group: 'Manage access', summary: 'Assign roles to clients, people and API keys' },
};

/** The commands of grant, in the order of the help. */
export const grantCommands: readonly Command[] = [grantAdd, grantList, grantRemove];
