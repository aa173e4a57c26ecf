/** One option of a command line. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** What the value stands for, as in `<url>`; of a string. */
  readonly value?: string;
  readonly description: string;
  readonly multiple?: boolean;
}

/** Options by name, without the dashes. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What can be typed for a command. */
export interface CommandShape {
  /** For example `agent register`. */
  readonly name: string;
  /** Names of the arguments in order; a name in square brackets may be left out. */
  readonly positionals: readonly string[];
  readonly options: OptionSpecs;
  /** Whether it takes the options that say where the platform is and who calls. */
  readonly connects: boolean;
}
