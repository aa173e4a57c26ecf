import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';

const tenantCreate: Command = {
  name: 'tenant create',
  summary: 'Create a tenant without credits (operators)',
  positionals: ['<slug>'],
  options: { name: { type: 'string', value: 'name', description: 'Name for people; default is the slug' } },
  connects: true,
  details: 'The slug is part of every public address of the tenant and can not be changed.',
  examples: ['colloquy tenant create acme --name "Acme Ltd"'],
  async run({ args, client, output }) {
    const slug = args.positional(0);
    const tenant = await client().admin.createTenant({ body: { slug, name: args.text('name') ?? slug } });
    output.print(tenant, `Created tenant ${tenant.slug}.`);
  },
};

const tenantList: Command = {
  name: 'tenant list',
  summary: 'List the tenants of the platform (operators)',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy tenant list'],
  async run({ client, output }) {
    const { admin } = client();
    const tenants = await allItems(admin.listTenants, {});
    const rows = tenants.map(({ slug, name, createdAt }) => [slug, name, createdAt]);
    output.print(tenants, table(['SLUG', 'NAME', 'CREATED'], rows) || 'There are no tenants.');
  },
};

export const tenantNouns: Nouns = {
  tenant: { group: 'Manage access', summary: 'Create or list tenants (operators)' },
};

/** The commands of tenant, in the order of the help. */
export const tenantCommands: readonly Command[] = [tenantCreate, tenantList];
