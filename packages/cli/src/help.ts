import type { Command } from './command.ts';
import { exitStatusHelp } from './exit-status.ts';
import { groups } from './groups.ts';
import type { Nouns } from './noun.ts';
import { optionGroupsOf } from './option-groups.ts';
import type { Paint } from './output/paint.ts';

/** One line of the main help: a noun or a one-word command. */
interface Entry {
  readonly noun: string;
  readonly summary: string;
}

function entriesOf(nouns: Nouns, commands: readonly Command[]): readonly Entry[] {
  return Object.entries(nouns).map(([noun, { summary }]) => {
    return { noun, summary: summary ?? commands.find(({ name }) => name === noun)?.summary ?? '' };
  });
}

/** The help of the whole program: one line for each noun, in groups by task. It fits one screen. */
export function mainHelp(commands: readonly Command[], paint: Paint): string {
  const titleColumns = Math.max(...groups.map(({ title }) => title.length)) + 2;
  const nounColumns = Math.max(...groups.flatMap(({ nouns }) => Object.keys(nouns).map(({ length }) => length))) + 2;
  const lines = groups.flatMap(({ title, nouns }) =>
    entriesOf(nouns, commands).map(({ noun, summary }, index) => {
      const left = (index === 0 ? title : '').padEnd(titleColumns);
      return `${paint.bold(left)}${paint.accent(noun.padEnd(nounColumns))}${summary}`;
    }),
  );
  return [
    `${paint.bold('Usage:')} colloquy <command> [arguments] [options]`,
    'Run "colloquy <command> --help" to see its verbs or options; see also "colloquy help environment".',
    '',
    ...lines,
    '',
  ].join('\n');
}

/** Texts that belong to no command, shown by `colloquy help <topic>`. */
export const topics: Readonly<Record<string, string>> = {
  environment: [
    'A command finds the platform and its credentials in this order: options, environment variables,',
    'profile. A profile only lends its credentials to the address that it was saved for, and never its',
    'client to a secret that was given alone. Errors say as which client a command acted.',
    '',
    '  COLLOQUY_URL            Address of the platform',
    '  COLLOQUY_TENANT         Tenant to act in',
    '  COLLOQUY_CLIENT_ID      Client to act as',
    '  COLLOQUY_CLIENT_SECRET  Secret of that client',
    '  COLLOQUY_PROFILE        Name of the profile that provides the rest; "default" when not set',
    '  XDG_CONFIG_HOME         Folder of the profile file, colloquy/profile.json; ~/.config when not set',
    '  NO_COLOR, FORCE_COLOR   Switch colours off, or on where stdout is no terminal',
    '',
    '"colloquy up", "init" and "doctor" also read the settings of the platform.',
  ].join('\n'),
  'exit-status': exitStatusHelp.map(([status, meaning]) => `${String(status).padStart(5)}  ${meaning}`).join('\n'),
};

/** A help text as a JSON value: the groups for no path, the commands of a noun, or one command. */
export function helpValue(path: string, commands: readonly Command[]): unknown {
  if (path === '')
    return { groups: groups.map(({ title, nouns }) => ({ title, commands: entriesOf(nouns, commands) })) };
  const command = commands.find(({ name, aliases }) => name === path || aliases?.includes(path) === true);
  if (command !== undefined) return commandValue(command);
  const verbs = commands.filter(({ name }) => name.startsWith(`${path} `));
  return { noun: path, commands: verbs.map(({ name, summary }) => ({ name, summary })) };
}

function commandValue({ name, summary, details, ...command }: Command): unknown {
  const options = optionGroupsOf(command).flatMap(([, specs]) =>
    Object.entries(specs).map(([option, { type, value, description, multiple, choices }]) => {
      return { name: option, type, value, description, multiple, choices };
    }),
  );
  return { name, summary, details, arguments: command.positionals, options, examples: command.examples };
}
