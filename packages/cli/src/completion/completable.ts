import { choicesOf } from '../command-line.ts';
import type { Command, OptionSpecs } from '../command.ts';
import { nounSummary } from '../groups.ts';
import { commonOptions, connectionOptions } from '../option-groups.ts';

/** What may stand in one place of a command line. */
export type Place =
  { readonly kind: 'words'; readonly words: readonly string[] } | { readonly kind: 'file' | 'folder' | 'text' };

/** One option of a command; a switch has no value. */
export interface CompletableOption {
  /** With its dashes. */
  readonly flag: string;
  readonly description: string;
  readonly isRepeatable: boolean;
  readonly value: Place | null;
}

/** A command as completion sees it. */
export interface CompletableCommand {
  readonly name: string;
  /** Its own options; it also takes the common ones. */
  readonly options: readonly CompletableOption[];
  /** Whether it takes the connection options as well. */
  readonly connects: boolean;
  readonly positionals: readonly Place[];
}

/** A word with what it means. */
export interface Word {
  readonly word: string;
  readonly summary: string;
}

/** Everything that completion offers. */
export interface Completable {
  /** Nouns and one-word commands. */
  readonly first: readonly Word[];
  readonly verbsOf: ReadonlyMap<string, readonly Word[]>;
  readonly commands: readonly CompletableCommand[];
  readonly commonOptions: readonly CompletableOption[];
  readonly connectionOptions: readonly CompletableOption[];
}

/** Derives what completion offers from the declared commands. */
export function completableFrom(commands: readonly Command[]): Completable {
  const first = new Map<string, string>();
  const verbsOf = new Map<string, Word[]>();
  for (const { name, summary } of commands) {
    const [noun = '', verb] = name.split(' ');
    if (!first.has(noun)) first.set(noun, verb === undefined ? summary : nounSummary(noun));
    if (verb !== undefined) verbsOf.set(noun, [...(verbsOf.get(noun) ?? []), { word: verb, summary }]);
  }
  first.set('help', 'Show the help of a command');
  return {
    first: Array.from(first, ([word, summary]) => ({ word, summary })),
    verbsOf,
    commands: commands.map(({ name, options, connects, positionals }) => ({
      name,
      options: optionsFrom(options),
      connects,
      positionals: positionals.map((one) => placeOf(one.replaceAll(/[<>[\]]/g, ''), choicesOf(one))),
    })),
    commonOptions: optionsFrom({
      ...commonOptions,
      help: { type: 'boolean', description: 'Show the help of this command' },
    }),
    connectionOptions: optionsFrom(connectionOptions),
  };
}

function optionsFrom(specs: OptionSpecs): readonly CompletableOption[] {
  return Object.entries(specs).map(([name, { type, value = '', description, multiple = false, choices = [] }]) => ({
    flag: `--${name}`,
    description,
    isRepeatable: multiple,
    value: type === 'boolean' ? null : placeOf(value, choices),
  }));
}

function placeOf(name: string, choices: readonly string[]): Place {
  if (choices.length > 0) return { kind: 'words', words: choices };
  if (name === 'folder') return { kind: 'folder' };
  return { kind: /(?:^|-)file$/.test(name) ? 'file' : 'text' };
}
