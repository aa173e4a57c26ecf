import type { ColloquyClient } from '@colloquy/sdk/client';
import type { Arguments } from './arguments.ts';
import type { Settings } from './connection/settings.ts';
import type { Output } from './output/output.ts';
import type { Surroundings } from './surroundings.ts';

/** One option of a command line. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** The name of the value, as in `<url>`; of a string. Completion offers files for `file` and folders for `folder`. */
  readonly value?: string;
  readonly description: string;
  readonly multiple?: boolean;
  /** The only values that the option accepts; the command line checks them and completion offers them. */
  readonly choices?: readonly string[];
  /** Old names that keep working; help and completion do not show them. */
  readonly aliases?: readonly string[];
}

/** Options by name, without the dashes. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The context in which a command runs. */
export interface Invocation extends Surroundings {
  readonly args: Arguments;
  readonly output: Output;
  /** The address of the platform and the calling client. Throws a UsageError when something is missing. */
  readonly settings: () => Settings;
  /** A client made from the settings. */
  readonly client: () => ColloquyClient;
}

/** One command of the command line. */
export interface Command {
  /** A noun and a verb, for example `agent register`, or one word. */
  readonly name: string;
  /** Old names that keep working; help and completion do not show them. */
  readonly aliases?: readonly string[];
  /** One line, without a full stop. */
  readonly summary: string;
  /** Further explanation, in full sentences. */
  readonly details?: string;
  /** Names of the arguments in order. One in square brackets may be left out; `<a|b>` takes one of these words. */
  readonly positionals: readonly string[];
  readonly options: OptionSpecs;
  /** Whether the command takes the options that name the platform and the calling client. */
  readonly connects: boolean;
  readonly examples: readonly string[];
  /** Returns the exit status when it is not 0. */
  run(invocation: Invocation): Promise<number | void>;
}
