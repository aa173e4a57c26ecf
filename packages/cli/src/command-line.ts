import { Argument, Option, Command as Parser } from 'commander';
import type { CommanderError } from 'commander';
import { Arguments } from './arguments.ts';
import type { OptionValue } from './arguments.ts';
import type { Command, OptionSpec } from './command.ts';
import { nounSummary } from './groups.ts';
import { mainHelp } from './help.ts';
import { optionGroupsOf } from './option-groups.ts';
import type { Paint } from './output/paint.ts';
import { columnsOf } from './output/table.ts';
import { nearestTo } from './near-words.ts';
import { asTyped, typedName } from './typed-name.ts';
import type { Env } from './typed-name.ts';
import { UsageError } from './usage-error.ts';

/** What a command line asks for. */
export type Request =
  | { readonly kind: 'run'; readonly command: Command; readonly args: Arguments }
  /** `path` is empty, a noun, or the name of a command. */
  | { readonly kind: 'help'; readonly path: string; readonly text: string }
  | { readonly kind: 'version' };

/** What reading a command line needs to know. */
export interface Reading {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly paint: Paint;
  /** Columns that a help text may have. */
  readonly columns: number;
  /** Tells how the user started this program, which the help repeats. */
  readonly env: Env;
}

/** Reads a command line by the declarations of the commands. Throws a UsageError that names the mistake. */
export function readCommandLine(argv: readonly string[], reading: Reading): Request {
  let request: Request | undefined;
  let printed = '';
  const program = programOf(reading, {
    print: (text) => (printed += text),
    take(command, args) {
      refuseSwallowedOption(argv, command);
      request = { kind: 'run', command, args };
    },
  });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof ParseEnd)) throw error;
    const { code } = error.reason;
    if (code === 'commander.unknownOption') refuseWithoutValue(argv, reading, error);
    if (code === 'commander.version') return { kind: 'version' };
    if (!code.startsWith('commander.help')) throw usageErrorOf(error, reading.commands);
    // Commander shows the help of the noun for "noun unknown --help"; without the option it names the mistake.
    const words = argv.filter((word) => !['-h', '--help'].includes(word));
    if (error.isUnknownCommand && words.length < argv.length) return readCommandLine(words, reading);
    return { kind: 'help', path: error.path, text: printed };
  }
  if (request === undefined) throw new Error('The command line named no command.');
  return request;
}

/** A value that begins with "-" and is no number has to be written with "=". Commander takes the next option for it. */
function refuseSwallowedOption(argv: readonly string[], command: Command): void {
  const takers = optionGroupsOf(command)
    .flatMap(([, specs]) => Object.entries(specs))
    .filter(([, { type }]) => type === 'string')
    .flatMap(([name, { aliases = [] }]) => [name, ...aliases])
    .map((name) => `--${name}`);
  for (const [place, word] of argv.entries()) {
    if (word === '--') return;
    if (!takers.includes(word) || !/^-(?!$|\.?\d)/.test(argv[place + 1] ?? '')) continue;
    // The word may be a secret, so it is not repeated.
    throw new UsageError(
      `The option "${word}" has no value: the word after it begins with "-".`,
      `Write "${word}=<value>" for a value that begins with "-". ${remedyFor('', command.name)}`,
    );
  }
}

/** Reads an unknown option that was given as `--name=value` by its name alone: the value may be a secret, and hides what was meant. */
function refuseWithoutValue(argv: readonly string[], reading: Reading, { path, reason }: ParseEnd): void {
  const [, option = ''] = /^error: unknown option '(.*)'/s.exec(reason.message) ?? [];
  if (!option.includes('=') || !argv.includes(option)) return;
  const name = option.slice(0, option.indexOf('='));
  readCommandLine(
    argv.map((word) => (word === option ? name : word)),
    reading,
  );
  throw new UsageError(`The option "${name}" takes no value.`, remedyFor('', path));
}

/** How Commander stops: at a mistake, or after it printed a help text or the version. */
class ParseEnd extends Error {
  readonly path: string;
  readonly reason: CommanderError;
  /** Whether the word after the path is no command. */
  readonly isUnknownCommand: boolean;

  constructor(parser: Parser, path: string, reason: CommanderError) {
    super(reason.message);
    this.path = path;
    this.reason = reason;
    this.isUnknownCommand = parser.commands.length > 0 && parser.args[0]?.startsWith('-') === false;
  }
}

interface Sinks {
  readonly print: (text: string) => void;
  readonly take: (command: Command, args: Arguments) => void;
}

/** Commander's program for the declared commands: each noun is a command, and each verb is a command of its noun. */
function programOf({ commands, version, paint, columns, env }: Reading, { print, take }: Sinks): Parser {
  const style = {
    displayWidth: columnsOf,
    minWidthToWrap: 20,
    styleTitle: paint.bold,
    styleOptionText: paint.accent,
    styleSubcommandText: paint.accent,
  };
  const program = endingAt(new Parser(typedName(env)), '')
    .configureOutput({
      writeOut: print,
      writeErr: print,
      outputError: () => undefined,
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
      getOutHasColors: () => paint.isColoured,
      getErrHasColors: () => paint.isColoured,
    })
    .configureHelp(style)
    .enablePositionalOptions()
    .helpCommand(false)
    .helpOption('-h, --help', 'Show this help')
    .addOption(new Option('--json').hideHelp())
    .version(version, '-v, --version', 'Show the version');
  for (const command of commands) {
    addCommand(program, command, { name: command.name, isHidden: false, take, env });
    for (const name of command.aliases ?? []) addCommand(program, command, { name, isHidden: true, take, env });
  }
  return program.configureHelp({ ...style, formatHelp: () => asTyped(mainHelp(commands, paint), env) });
}

interface Placement {
  readonly name: string;
  readonly isHidden: boolean;
  readonly take: Sinks['take'];
  readonly env: Env;
}

function addCommand(program: Parser, command: Command, { name, isHidden, take, env }: Placement): void {
  const [noun = '', verb] = name.split(' ');
  const parent = verb === undefined ? program : nounOf(program, noun, isHidden);
  const parser = endingAt(parent.command(verb ?? noun, { hidden: isHidden }), name)
    .summary(command.summary)
    .description(asTyped([`${command.summary}.`, ...detailsOf(command)].join('\n\n'), env))
    .usage([...command.positionals, '[options]'].join(' '))
    .configureHelp(program.configureHelp())
    .addHelpText('after', asTyped(examplesOf(command), env));
  for (const positional of command.positionals) parser.addArgument(argumentOf(positional));
  for (const [heading, options] of optionGroupsOf(command)) {
    for (const [option, spec] of Object.entries(options)) {
      parser.addOption(optionOf(option, spec).helpGroup(heading));
      for (const alias of spec.aliases ?? []) parser.addOption(optionOf(alias, spec).hideHelp());
    }
  }
  parser.action(() => take(command, argumentsOf(command, parser)));
}

function nounOf(program: Parser, noun: string, isHidden: boolean): Parser {
  const existing = program.commands.find((one) => one.name() === noun);
  if (existing !== undefined) return existing;
  const summary = nounSummary(noun);
  return endingAt(program.command(noun, { hidden: isHidden }), noun)
    .summary(summary)
    .description(`${summary}.`)
    .usage('<verb> [arguments] [options]')
    .helpCommand(false)
    .configureHelp({ ...program.configureHelp(), subcommandTerm: (verb) => verb.name(), visibleOptions: () => [] })
    .addOption(new Option('--json').hideHelp());
}

function endingAt(parser: Parser, path: string): Parser {
  return parser.exitOverride((reason) => {
    throw new ParseEnd(parser, path, reason);
  });
}

/** The details in paragraphs, without the line breaks of their source. */
function detailsOf({ details = '' }: Command): readonly string[] {
  return details === '' ? [] : [details.replaceAll(/(?<!\n)\n(?!\n)/g, ' ')];
}

function examplesOf({ examples }: Command): string {
  return examples.length === 0 ? '' : ['', 'Examples:', ...examples.map((line) => `  ${line}`)].join('\n');
}

function argumentOf(positional: string): Argument {
  const argument = new Argument(positional);
  const choices = choicesOf(positional);
  return choices.length === 0 ? argument : argument.choices(choices);
}

/** The words that an argument written `<a|b>` takes; none for one that takes any. */
export function choicesOf(positional: string): readonly string[] {
  return positional.startsWith('<') && positional.includes('|') ? positional.slice(1, -1).split('|') : [];
}

function optionOf(name: string, { type, value, description, multiple, choices }: OptionSpec): Option {
  if (type === 'boolean') return new Option(`--${name}`, description);
  const repeated = multiple === true ? `${description}; may be repeated` : description;
  const option = new Option(`--${name} <${value ?? 'value'}>`, repeated);
  if (choices !== undefined) option.choices(choices);
  if (multiple !== true) return option;
  const { parseArg: check } = option;
  return option.argParser((text: string, former: readonly string[] | undefined) => {
    check?.(text, '');
    return [...(former ?? []), text];
  });
}

function argumentsOf(command: Command, parser: Parser): Arguments {
  const values = new Map<string, OptionValue>();
  for (const [name, spec] of optionGroupsOf(command).flatMap(([, specs]) => Object.entries(specs))) {
    for (const spelling of [...(spec.aliases ?? []), name]) {
      const value = valueOf(parser, optionOf(spelling, spec));
      if (value !== undefined) values.set(name, value);
    }
  }
  return new Arguments(parser.args, values);
}

function valueOf(parser: Parser, option: Option): OptionValue | undefined {
  const value: unknown = parser.getOptionValue(option.attributeName());
  // Commander sets `wait` to true where an option `--no-wait` is declared, and to false where it was given.
  if (option.negate) return value === false ? true : undefined;
  return typeof value === 'string' || typeof value === 'boolean' || Array.isArray(value) ? value : undefined;
}

/** Commander's message as one sentence, its suggestion as another, and where to read on. */
function usageErrorOf({ path, reason, isUnknownCommand }: ParseEnd, commands: readonly Command[]): UsageError {
  const [said = '', suggestion = ''] = reason.message
    .replace(/^error: (?:command-)?/, '')
    .replace(/ is invalid for argument '.*?'\./, ' is invalid.')
    .split('\n');
  const near = (/^\(Did you mean (?:one of )?(.*)\?\)$/.exec(suggestion)?.[1] ?? '')
    .split(', ')
    .filter((name) => name !== '');
  const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}`.replaceAll("'", '"').replace(/\.?$/, '.');
  if (!isUnknownCommand) {
    const names = near.length > 0 ? near : nearChoices(sentence);
    return new UsageError(sentence + didYouMean(names), remedyFor(reason.code, path));
  }
  const [, word = ''] = /"(.*)"/.exec(sentence) ?? [];
  const within = path === '' ? '' : `${path} `;
  const sameVerb = commands.map(({ name }) => name).filter((name) => path === '' && name.endsWith(` ${word}`));
  const names = sameVerb.length > 0 ? sameVerb : near.map((name) => within + name);
  const remedy = path === '' ? 'Run "colloquy" to list the commands.' : `Run "colloquy ${path}" to list its verbs.`;
  return new UsageError(`There is no command "${within}${word}".${didYouMean(names)}`, remedy);
}

/** The allowed choices that are nearest to a refused value, by Commander's sentence, which has no suggestion for them. */
function nearChoices(sentence: string): readonly string[] {
  const refused = /"([^"]*)" is invalid\. Allowed choices are (.*)\.$/.exec(sentence);
  if (refused === null) return [];
  const [, value = '', choices = ''] = refused;
  return nearestTo(value, choices.split(', '));
}

const suggestionsMax = 3;

function didYouMean(names: readonly string[]): string {
  if (names.length === 0) return '';
  const quoted = names.slice(0, suggestionsMax).map((name) => `"${name}"`);
  return ` Did you mean ${quoted.join(' or ')}?`;
}

function remedyFor(code: string, path: string): string {
  const seeHelp = path === '' ? 'Run "colloquy --help".' : `Run "colloquy ${path} --help".`;
  if (code === 'commander.excessArguments') return `Quote text that contains spaces. ${seeHelp}`;
  return code === 'commander.unknownOption' && path === '' ? `Write options after the command. ${seeHelp}` : seeHelp;
}
