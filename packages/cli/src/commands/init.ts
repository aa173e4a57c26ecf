import type { Command } from '../command.ts';
import { writeProfile } from '../connection/profile.ts';
import type { Nouns } from '../noun.ts';
import { facts } from '../output/table.ts';
import { dataOptions, serverEnvironment } from '../platform/server-environment.ts';
import { createOperator } from '../platform/server-process.ts';
import { UsageError } from '../usage-error.ts';

const defaultUrl = 'http://127.0.0.1:4800';

const init: Command = {
  name: 'init',
  summary: 'Make an operator of the platform here and show its secret once',
  positionals: [],
  options: {
    name: { type: 'string', value: 'name', description: 'Name of the operator; default "operator"' },
    url: { type: 'string', value: 'url', description: `Address to keep in the profile; default ${defaultUrl}` },
    profile: { type: 'string', value: 'name', description: 'Profile to keep it in; default "default"' },
    ...dataOptions,
  },
  connects: false,
  details:
    "Writes straight into the platform's database, so it must run where the platform runs, with the same\n" +
    'settings. Works while the platform runs and while it does not.',
  examples: ['colloquy init', 'colloquy init --name alice --profile alice'],
  async run({ args, env, output }) {
    const url = args.text('url') ?? env['COLLOQUY_URL'] ?? defaultUrl;
    if (!URL.canParse(url)) throw new UsageError(`"${url}" is not an address.`, `Write it like ${defaultUrl}.`);
    const operator = await createOperator(args.text('name') ?? 'operator', serverEnvironment(args, env));
    const profile = args.text('profile') ?? 'default';
    const file = writeProfile(env, profile, { url, tenant: operatorsTenant, ...operator });
    const shown = facts([
      ['client id', operator.clientId],
      ['client secret', operator.clientSecret],
      ['tenant', operatorsTenant],
      ['profile', `${profile} in ${file}`],
    ]);
    output.print(
      { ...operator, url, tenant: operatorsTenant, profile, profileFile: file },
      `${shown}\n\nThe secret is not shown again.`,
    );
  },
};

export const initNouns: Nouns = {
  init: { group: 'Start', summary: 'Create an operator of the platform and show its secret once' },
};

export const initCommands: readonly Command[] = [init];

/** The tenant of all operators; every platform has it. */
const operatorsTenant = 'system';
