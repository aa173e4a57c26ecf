import type { Command } from '../command.ts';

export const tenantCreate: Command = {
  name: 'tenant create',
  summary: 'Create a tenant with an empty wallet (operators)',
  positionals: ['<slug>'],
  options: { name: { type: 'string', value: 'name', description: 'Name for people; default is the slug' } },
  connects: true,
  details: 'The slug is part of every public address of the tenant and never changes.',
  examples: ['colloquy tenant create acme --name "Acme Ltd"'],
  async run({ args, client, output }) {
    const slug = args.positional(0);
    const tenant = await client().admin.createTenant({ body: { slug, name: args.text('name') ?? slug } });
    output.print(tenant, `Created tenant ${tenant.slug}.`);
  },
};
