import { parseArgs } from 'node:util';
import { suites } from './suites.ts';
import type { Suite } from './suites.ts';
import { chaosTestFiles } from './test-files.ts';

/** A command line that asks for nothing that can be done; its message says why. */
export class WrongCommandLine extends Error {
  override readonly name = 'WrongCommandLine';
}

/** Runs that are judged by what they leave behind, one after the other, each with the seed after the one before. */
export interface RunsOrder {
  readonly suite: Suite;
  readonly rounds: number;
  readonly seed: number;
  readonly processes: number;
  readonly kills: number;
  /** Test files that run first. */
  readonly testFiles: readonly string[];
  /** Keeps everything a run wrote. */
  readonly keep: boolean;
  /** The command that does the run with this seed again, alone. */
  readonly replayOf: (seed: number) => string;
}

/** What a command line asks for. */
export type ChaosOrder =
  | { readonly kind: 'hostile' | 'instances'; readonly tier: 'quick' | 'full' }
  | { readonly kind: 'credits' | 'usage'; readonly tier: 'quick' | 'full'; readonly seed: number }
  | { readonly kind: 'runs'; readonly runs: RunsOrder };

const options = {
  quick: { type: 'boolean', default: false },
  /** Many live streams instead of every kind of operation. */
  streams: { type: 'boolean', default: false },
  /** Many clients of one agent with few slots. */
  slots: { type: 'boolean', default: false },
  /** Stopped processes and a database that is cut off or crashes, beside kills. */
  faults: { type: 'boolean', default: false },
  /** A thousand kills and a hundred thousand tasks, in rounds. */
  long: { type: 'boolean', default: false },
  /** One of three instances that dies, hangs or answers 500, instead of kills. */
  instances: { type: 'boolean', default: false },
  /** Random operations on credits against a model, instead of kills. */
  credits: { type: 'boolean', default: false },
  /** The usage of a month of tasks against the ledger, instead of kills. */
  usage: { type: 'boolean', default: false },
  /** Hostile agents instead of kills. */
  hostile: { type: 'boolean', default: false },
  seed: { type: 'string' },
  kills: { type: 'string' },
  /** Platform processes on the one database. */
  processes: { type: 'string' },
  rounds: { type: 'string' },
  keep: { type: 'boolean', default: false },
} as const;

const names = ['streams', 'slots', 'faults', 'long', 'instances', 'credits', 'usage', 'hostile'] as const;

/** @param newSeed Draws the seed of runs that are given none. Throws `WrongCommandLine`. */
export function orderOf(args: readonly string[], newSeed: () => number): ChaosOrder {
  const given = parsed(args);
  const [name, ...more] = names.filter((one) => given[one]);
  if (more.length > 0)
    throw new WrongCommandLine(`--${name ?? ''} and --${more.join(', --')} are suites of their own.`);
  const tier = given.quick ? 'quick' : 'full';
  const isSeeded = name === 'credits' || name === 'usage';
  if (name === 'instances' || name === 'hostile' || isSeeded) {
    const options = ['kills', 'processes', 'rounds', ...(isSeeded ? [] : (['seed'] as const))] as const;
    const unheard = options.find((one) => given[one] !== undefined);
    const idle = unheard ?? (given.keep ? 'keep' : undefined);
    if (idle !== undefined) throw new WrongCommandLine(`--${name} knows no --${idle}.`);
    if (isSeeded) return { kind: name, tier, seed: wholeNumber('seed', given.seed, newSeed(), 0) };
    return { kind: name, tier };
  }
  const suite = suites[name ?? 'mixed'][tier];
  const rounds = wholeNumber('rounds', given.rounds, suite.rounds ?? 1, 1);
  const kills = wholeNumber('kills', given.kills, suite.kills, 1);
  const processes = wholeNumber('processes', given.processes, suite.processes, 1);
  const seed = wholeNumber('seed', given.seed, newSeed(), 0);
  const words = [...(name === undefined ? [] : [`--${name}`]), ...(given.quick ? ['--quick'] : [])];
  if (rounds > 1) words.push('--rounds 1');
  const replayOf = (of: number): string =>
    ['npm run chaos --', ...words, `--seed ${of} --kills ${kills} --processes ${processes}`].join(' ');
  // A run with a seed replays an earlier one.
  const testFiles = name === undefined && given.quick && given.seed === undefined ? chaosTestFiles : [];
  return { kind: 'runs', runs: { suite, rounds, seed, processes, kills, testFiles, keep: given.keep, replayOf } };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new WrongCommandLine(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string | undefined, otherwise: number, min: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value >= min) return value;
  throw new WrongCommandLine(`--${name} must be a whole number of ${min} at least, not "${text}".`);
}
