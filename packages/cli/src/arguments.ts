import { parseArgs } from 'node:util';
import type { CommandShape, OptionSpecs } from './command-shape.ts';
import { connectionOptions } from './connection/connection-options.ts';
import { UsageError } from './usage-error.ts';

/** What every command takes. */
export const commonOptions: OptionSpecs = {
  json: { type: 'boolean', description: 'Print one JSON value on stdout and nothing else' },
  help: { type: 'boolean', description: 'Show this help' },
};

/** All options of a command, its own first. */
export function optionsOf(command: CommandShape): OptionSpecs {
  return { ...command.options, ...(command.connects ? connectionOptions : {}), ...commonOptions };
}

/** A command line that fits its command. */
export class Arguments {
  readonly #positionals: readonly string[];
  readonly #values: ReadonlyMap<string, string | boolean | readonly (string | boolean)[]>;

  constructor(positionals: readonly string[], values: Arguments['values']) {
    this.#positionals = positionals;
    this.#values = values;
  }

  get values(): ReadonlyMap<string, string | boolean | readonly (string | boolean)[]> {
    return this.#values;
  }

  /** The argument at this place; the command's declaration makes sure that it is there. */
  positional(index: number): string {
    return this.#positionals[index] ?? '';
  }

  /** The value of an option, if it was given. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** Every value of an option that may be repeated. */
  texts(name: string): readonly string[] {
    const value = this.#values.get(name);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }

  /** Whether a switch was given. */
  flag(name: string): boolean {
    return this.#values.get(name) === true;
  }

  /** The whole number an option was given, within bounds. */
  wholeNumber(name: string, min: number, max: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new UsageError(
      `--${name} must be a whole number from ${min} to ${max}, not "${text}".`,
      'Correct the number.',
    );
  }
}

/** Reads a command line. Throws a UsageError that names the mistake. */
export function parseArguments(command: CommandShape, argv: readonly string[]): Arguments {
  const seeHelp = `See "colloquy ${command.name} --help".`;
  const { positionals, values } = parsed(command, argv, seeHelp);
  const needed = command.positionals.filter((name) => !name.startsWith('['));
  const missing = needed[positionals.length];
  if (values['help'] !== true && missing !== undefined) throw new UsageError(`${missing} is missing.`, seeHelp);
  const extra = positionals[command.positionals.length];
  if (extra !== undefined)
    throw new UsageError(`"${extra}" is one argument too many.`, `${seeHelp} Quote text with spaces.`);
  return new Arguments(
    positionals,
    new Map(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))),
  );
}

function parsed(command: CommandShape, argv: readonly string[], seeHelp: string) {
  const specs = Object.entries(optionsOf(command));
  const options = Object.fromEntries(
    specs.map(([name, { type, multiple }]) => [name, { type, multiple: multiple ?? false }]),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [sentence = ''] = error.message.split('. ', 1);
    throw new UsageError(`${sentence.replace(/\.$/, '')}.`, seeHelp);
  }
}
