import { UsageError } from './usage-error.ts';

/** The value of an option: text, a switch, or every value of one that may be repeated. */
export type OptionValue = string | boolean | readonly string[];

/** The arguments and options of a command line that fits its command. */
export class Arguments {
  readonly #positionals: readonly string[];
  readonly #values: ReadonlyMap<string, OptionValue>;

  constructor(positionals: readonly string[], values: ReadonlyMap<string, OptionValue>) {
    this.#positionals = positionals;
    this.#values = values;
  }

  /** The argument at this place, empty for an optional one that was left out. */
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
    return typeof value === 'object' ? value : [];
  }

  /** The value of an option with these `choices`. The command line has refused any other value. */
  choice<Value extends string>(name: string, choices: readonly Value[]): Value | undefined {
    const text = this.text(name);
    return choices.find((choice) => choice === text);
  }

  /** Every value of an option with these `choices` that may be repeated, in the order of the command line. */
  choiceList<Value extends string>(name: string, choices: readonly Value[]): readonly Value[] {
    return this.texts(name).flatMap((text) => choices.filter((choice) => choice === text));
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
      `Give a number from ${min} to ${max}.`,
    );
  }
}
