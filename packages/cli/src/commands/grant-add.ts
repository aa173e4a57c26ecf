import type { Command } from '../command.ts';

export const grantAdd: Command = {
  name: 'grant add',
  summary: 'Give a principal a role; from its first one on it may do only what its roles say',
  positionals: ['<principal>', '<role>'],
  options: {
    agent: { type: 'string', value: 'name', description: 'Only at this agent' },
    skill: { type: 'string', value: 'id', description: 'Only for messages that name this skill of the agent' },
  },
  connects: true,
  details: 'Roles are tenant-admin, developer, auditor, caller, agent and host. Nobody gives what they do not hold.',
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
