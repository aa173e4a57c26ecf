import type { ColloquyClient } from '@colloquy/sdk/client';
import type { Arguments } from './arguments.ts';
import type { Settings } from './connection/settings.ts';
import type { Output } from './output/output.ts';
import type { Surroundings } from './surroundings.ts';

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

/** What a command works with. */
export interface Invocation extends Surroundings {
  readonly args: Arguments;
  readonly output: Output;
  /** Where the platform is and who calls. Throws a UsageError when something is missing. */
  readonly settings: () => Settings;
  /** A client made from the settings. */
  readonly client: () => ColloquyClient;
}

/** One thing that can be typed. */
export interface Command {
  /** For example `agent register`. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Names of the arguments in order; a name in square brackets may be left out. */
  readonly positionals: readonly string[];
  readonly options: OptionSpecs;
  /** Whether it takes the options that say where the platform is and who calls. */
  readonly connects: boolean;
  /** More to know, in full sentences. */
  readonly details?: string;
  readonly examples: readonly string[];
  /** Returns the exit status when it is not 0. */
  run(invocation: Invocation): Promise<number | void>;
}
