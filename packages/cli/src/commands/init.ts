import type { Command } from '../command.ts';
import { keepReplaced, operatorsTenant, readProfiles, writeProfile } from '../connection/profile.ts';
import type { Profiles } from '../connection/profile.ts';
import type { Nouns } from '../noun.ts';
import { facts } from '../output/table.ts';
import { dataOptions, serverEnvironment } from '../platform/server-environment.ts';
import { createOperator } from '../platform/server-process.ts';
import { UsageError } from '../usage-error.ts';

const defaultUrl = 'http://127.0.0.1:4800';

const init: Command = {
  name: 'init',
  summary: 'Create an operator and show its secret once',
  positionals: [],
  options: {
    name: { type: 'string', value: 'name', description: 'Name of the operator; default "operator"' },
    url: { type: 'string', value: 'url', description: `Address to save in the profile; default ${defaultUrl}` },
    profile: { type: 'string', value: 'name', description: 'Profile to save it in; default "default"' },
    ...dataOptions,
  },
  connects: false,
  details:
    'Writes to the database of the platform, so run it on the same machine and with the same settings. The\n' +
    'platform may be running or stopped. A platform that runs at the address and uses another database is refused.',
  examples: ['colloquy init', 'colloquy init --name alice --profile alice'],
  async run({ args, env, output }) {
    const url = args.text('url') ?? env['COLLOQUY_URL'] ?? defaultUrl;
    if (!URL.canParse(url)) throw new UsageError(`"${url}" is not an address.`, `Write it like ${defaultUrl}.`);
    const remedyIfTaken = remedyFrom(readProfiles(env));
    const wanted = { name: args.text('name') ?? 'operator', url, remedyIfTaken };
    const { dataDir, isServed, ...operator } = await createOperator(wanted, serverEnvironment(args, env));
    const profile = args.text('profile') ?? 'default';
    const renamed = keepReplaced(env, profile, url);
    const file = writeProfile(env, profile, { url, tenant: operatorsTenant, ...operator });
    const shown = facts([
      ['client id', operator.clientId],
      ['client secret', operator.clientSecret],
      ['tenant', operatorsTenant],
      ['data', dataDir ?? 'the database of DATABASE_URL'],
      ['profile', `${profile} in ${file}`],
    ]);
    output.print(
      { ...operator, url, tenant: operatorsTenant, profile, profileFile: file, dataDir },
      `${shown}\n\nThe secret is not shown again.`,
    );
    if (renamed !== undefined) output.note(renamed);
    if (!isServed) output.note(output.typed(nothingAnswers(url, file)));
  },
};

/** The platform may start later. A wrong address would make every command with this profile fail. */
function nothingAnswers(url: string, file: string): string {
  return (
    `\nNo platform answers at ${url}.\n` +
    `  what to do: Start it with "colloquy up". When it prints another address, write that one into ${file}.`
  );
}

/** What to do where the operator exists already: its profile, where there is one, or another operator. */
function remedyFrom(profiles: Profiles): string {
  const another = 'create another operator with --name <name> --profile <name>';
  const held = Object.entries(profiles).filter(([, { tenant }]) => tenant === operatorsTenant);
  if (held.length === 0) return `Use its secret, which was shown once when it was created, or ${another}.`;
  const shown = held.map(([name, { url }]) => `--profile ${name} (${url})`).join(' or ');
  return `Use its profile: ${shown}. Where that is another operator, ${another}.`;
}

export const initNouns: Nouns = {
  init: { group: 'Start' },
};

export const initCommands: readonly Command[] = [init];
