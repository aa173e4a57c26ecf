import type { ColloquyClient } from '@colloquy/sdk/client';
import type { Arguments } from './arguments.ts';
import type { CommandShape } from './command-shape.ts';
import type { Settings } from './connection/settings.ts';
import type { Output } from './output/output.ts';
import type { Surroundings } from './surroundings.ts';

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
export interface Command extends CommandShape {
  /** More to know, in full sentences. */
  readonly details?: string;
  readonly examples: readonly string[];
  /** One line, without a full stop. */
  readonly summary: string;
  /** Returns the exit status when it is not 0. */
  run(invocation: Invocation): Promise<number | void>;
}
