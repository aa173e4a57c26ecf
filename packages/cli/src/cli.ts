import type { ColloquyClient } from '@colloquy/sdk/client';
import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { commands } from './commands/index.ts';
import { openClient, resolveSettings } from './connection/settings.ts';
import { exitStatus } from './exit-status.ts';
import { commandHelp, nounHelp, programHelp } from './help.ts';
import { createOutput } from './output/output.ts';
import { reportError } from './report-error.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';

/** Runs one command line and returns the exit status. Everything the program does to its process goes through `surroundings`. */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const json = argv.includes('--json');
  try {
    const found = findCommand(argv);
    if (found === undefined) return showHelp(argv, surroundings);
    const args = parseArguments(found.command, found.rest);
    if (args.flag('help')) {
      surroundings.stdout.write(`${commandHelp(found.command)}\n`);
      return exitStatus.ok;
    }
    const settings = () => resolveSettings(args, surroundings.env);
    let opened: ColloquyClient | undefined;
    const client = () => (opened ??= openClient(settings()));
    const output = createOutput(surroundings, args.flag('json'));
    const status = await found.command.run({ ...surroundings, args, output, settings, client });
    return status ?? exitStatus.ok;
  } catch (error) {
    return reportError(error, surroundings, json);
  }
}

interface Found {
  readonly command: Command;
  readonly rest: readonly string[];
}

function findCommand(argv: readonly string[]): Found | undefined {
  const [first = '', second = ''] = argv;
  const twoWords = commands.find(({ name }) => name === `${first} ${second}`);
  if (twoWords !== undefined) return { command: twoWords, rest: argv.slice(2) };
  const oneWord = commands.find(({ name }) => name === first);
  return oneWord === undefined ? undefined : { command: oneWord, rest: argv.slice(1) };
}

function showHelp(argv: readonly string[], { stdout }: Surroundings): number {
  const [noun = '', verb] = argv.filter((word) => !word.startsWith('-') && word !== 'help');
  const family = commands.filter(({ name }) => name.startsWith(`${noun} `));
  const asked = argv.length === 0 || argv.includes('--help') || argv.includes('-h') || argv[0] === 'help';
  if (noun === '' && asked) {
    stdout.write(`${programHelp(commands)}\n`);
    return exitStatus.ok;
  }
  if (family.length > 0 && verb === undefined && asked) {
    stdout.write(`${nounHelp(noun, family)}\n`);
    return exitStatus.ok;
  }
  throw unknownCommand(argv, family);
}

function unknownCommand(argv: readonly string[], family: readonly Command[]): UsageError {
  const typed = argv.slice(0, family.length > 0 ? 2 : 1).join(' ');
  const near = (family.length > 0 ? family : commands).map(({ name }) => name).join(', ');
  return new UsageError(`There is no command "${typed}".`, `Use one of: ${near}.`);
}
