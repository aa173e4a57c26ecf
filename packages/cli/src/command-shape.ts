/** One option of a command line. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** What the value stands for, as in `<url>`; of a string. Completion offers files for `file` and folders for `folder`. */
  readonly value?: string;
  readonly description: string;
  readonly multiple?: boolean;
  /** The only values that it takes; the command line checks them and completion offers them. */
  readonly choices?: readonly string[];
  /** Old names that keep working and that no help shows. */
  readonly aliases?: readonly string[];
}

/** Options by name, without the dashes. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What can be typed for a command. */
export interface CommandShape {
  /** A noun and a verb, for example `agent register`, or one word. */
  readonly name: string;
  /** Old names that keep working and that no help shows. */
  readonly aliases?: readonly string[];
  /** Names of the arguments in order. One in square brackets may be left out; `<a|b>` takes one of these words. */
  readonly positionals: readonly string[];
  readonly options: OptionSpecs;
  /** Whether it takes the options that name the platform and the calling client. */
  readonly connects: boolean;
}
