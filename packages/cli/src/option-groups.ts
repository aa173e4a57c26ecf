import type { Arguments } from './arguments.ts';
import type { Command, OptionSpec, OptionSpecs } from './command.ts';

/** Options of every command. */
export const commonOptions: OptionSpecs = {
  json: { type: 'boolean', description: 'Print one JSON value on stdout, also for an error' },
};

/** Options that name the platform and the calling client, of every command that connects. */
export const connectionOptions: OptionSpecs = {
  url: { type: 'string', value: 'url', description: 'Address of the platform (COLLOQUY_URL)' },
  tenant: { type: 'string', value: 'tenant', description: 'Tenant to act in (COLLOQUY_TENANT)' },
  'client-id': { type: 'string', value: 'id', description: 'Client to act as (COLLOQUY_CLIENT_ID)' },
  'client-secret': {
    type: 'string',
    value: 'secret',
    description: 'Secret of that client (COLLOQUY_CLIENT_SECRET is safer)',
  },
  profile: {
    type: 'string',
    value: 'name',
    description: 'Profile that provides the rest (COLLOQUY_PROFILE; default "default")',
  },
};

/** Scopes of a caller that only sends messages. */
const everydayScopes = ['a2a:send', 'a2a:read', 'a2a:cancel'];

/** The scopes of a tenant's client that help and suggestions name. The platform decides which it gives. */
export const tenantScopes: readonly string[] = [
  ...everydayScopes,
  'agents:write',
  'agents:approve',
  'agents:serve',
  'credits:read',
  'audit:read',
  'audit:erase',
  'tasks:inspect',
  'deliveries:read',
  'deliveries:write',
  'clients:write',
  'limits:write',
  'grants:write',
  'stops:write',
];

/** The option `--scope` of commands that create a principal. */
export const scopeOption: OptionSpec = {
  type: 'string',
  value: 'scope',
  multiple: true,
  description: `Scope to give; default ${everydayScopes.join(', ')}`,
};

/** The options of the department and the cost center that the tasks of a client or an API key count for. */
export const allocationOptions: OptionSpecs = {
  department: { type: 'string', value: 'name', description: 'Department that its tasks count for' },
  'cost-center': { type: 'string', value: 'name', description: 'Cost center that its tasks count for' },
};

/** The allocation of {@link allocationOptions}. */
export function allocationOf(args: Arguments): { readonly department?: string; readonly costCenter?: string } {
  const [department, costCenter] = [args.text('department'), args.text('cost-center')];
  return { ...(department === undefined ? {} : { department }), ...(costCenter === undefined ? {} : { costCenter }) };
}

/** The option of commands that rotate the secret of a webhook receiver. */
export const overlapOptions: OptionSpecs = {
  'overlap-ms': {
    type: 'string',
    value: 'ms',
    description: 'Time for which the old secret signs too; default one day. Use 0 after a leak',
  },
};

const overlapMsMax = 30 * 24 * 60 * 60_000;

/** The rotation of {@link overlapOptions}. */
export function rotationOf(args: Arguments): { readonly overlapMs?: number } {
  const overlapMs = args.wholeNumber('overlap-ms', 0, overlapMsMax);
  return overlapMs === undefined ? {} : { overlapMs };
}

/** The scopes of `--scope`; each value may list several. Without the option, those of a caller that only sends messages. */
export function scopesOf(args: Arguments): readonly string[] {
  const given = args.texts('scope').flatMap((scope) => scope.split(/[\s,]+/).filter((word) => word !== ''));
  return given.length > 0 ? given : everydayScopes;
}

/** Every option of a command, its own first, by the heading under which its help shows them. */
export function optionGroupsOf(
  command: Pick<Command, 'options' | 'connects'>,
): readonly (readonly [heading: string, OptionSpecs])[] {
  const own = ['Options:', { ...command.options, ...commonOptions }] as const;
  return command.connects ? [own, ['Connection options:', connectionOptions]] : [own];
}
