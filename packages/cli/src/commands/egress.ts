import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';

const egressList: Command = {
  name: 'egress list',
  summary: 'List the private addresses that the platform may call for the tenant (operators)',
  positionals: [],
  options: {},
  connects: true,
  examples: ['colloquy egress list --tenant acme'],
  async run({ client, output }) {
    const allowances = (await client().admin.listEgressAllowances()).items;
    const rows = allowances.map(({ target, kind, allowedBy, createdAt }) => [target, kind, allowedBy, createdAt]);
    const text = table(['TARGET', 'KIND', 'ALLOWED BY', 'SINCE'], rows) || 'The tenant may call no private address.';
    output.print(allowances, text);
  },
};

const egressAllow: Command = {
  name: 'egress allow',
  summary: 'Allow the platform to call a private address for the tenant (operators)',
  positionals: ['<target>'],
  options: {},
  connects: true,
  details: 'The target is a range, an address or an exact host name. Ranges for all tenants are configuration.',
  examples: ['colloquy egress allow 10.1.0.0/16 --tenant acme', 'colloquy egress allow agents.internal --tenant acme'],
  async run({ args, client, output }) {
    const allowance = await client().admin.allowEgress({ body: { target: args.positional(0) } });
    output.print(allowance, `Allowed ${allowance.target} for the tenant. This applies everywhere within 5 seconds.`);
  },
};

const egressRemove: Command = {
  name: 'egress remove',
  summary: 'Remove the permission to call a private address (operators)',
  positionals: ['<target>'],
  options: {},
  connects: true,
  examples: ['colloquy egress remove 10.1.0.0/16 --tenant acme'],
  async run({ args, client, output }) {
    const target = args.positional(0);
    await client().admin.removeEgressAllowance({ target });
    output.print({ target }, `Removed ${target} from the tenant. This applies everywhere within 5 seconds.`);
  },
};

export const egressNouns: Nouns = {
  egress: { group: 'Operate the platform', summary: 'Allow the platform to call private addresses (operators)' },
};

/** The commands of egress, in the order of the help. */
export const egressCommands: readonly Command[] = [egressList, egressAllow, egressRemove];
