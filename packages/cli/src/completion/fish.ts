import type { Completable, CompletableCommand, CompletableOption, Place, Word } from './completable.ts';

/** The completion script for fish. */
export function fishScript({ first, verbsOf, commands, ...shared }: Completable): string {
  const connecting = commands.filter(({ connects }) => connects);
  const lines = [
    ...wordLines('__colloquy_is', first),
    ...Array.from(verbsOf, ([noun, verbs]) => wordLines(`__colloquy_is ${noun}`, verbs)).flat(),
    ...commands.flatMap(commandLines),
    ...shared.commonOptions.map((option) => optionLine('__colloquy_takes_common_options', option)),
    ...shared.connectionOptions.map((option) => optionLine('__colloquy_takes_connection_options', option)),
  ];
  return `# Completion of colloquy for fish.
function __colloquy_is
    set -l typed (commandline -opc)
    test "$typed[2..]" = "$argv"
end
function __colloquy_in
    set -l typed (commandline -opc)
    contains -- "$typed[2..3]" $argv; or contains -- "$typed[2]" $argv
end
function __colloquy_takes_common_options
    __colloquy_in ${namesOf(commands)}
end
function __colloquy_takes_connection_options
    __colloquy_in ${namesOf(connecting)}
end
complete -c colloquy -f
${lines.join('\n')}
`;
}

function namesOf(commands: readonly CompletableCommand[]): string {
  return commands.map(({ name }) => quoted(name)).join(' ');
}

function line(condition: string, rest: string): string {
  return `complete -c colloquy -n ${quoted(condition)} ${rest}`;
}

function wordLines(condition: string, words: readonly Word[]): readonly string[] {
  return words.map(({ word, summary }) => line(condition, `-a ${word} -d ${quoted(summary)}`));
}

function commandLines({ name, options, positionals }: CompletableCommand): readonly string[] {
  const [place] = positionals;
  const within = `__colloquy_in ${quoted(name)}`;
  return [
    ...options.map((option) => optionLine(within, option)),
    ...(place?.kind === 'words' ? [line(`__colloquy_is ${name}`, `-a ${quoted(place.words.join(' '))}`)] : []),
    ...(positionals.some(({ kind }) => kind === 'file') ? [line(within, '-F')] : []),
  ];
}

function optionLine(condition: string, { flag, description, value }: CompletableOption): string {
  const argument = value === null ? '' : ` ${argumentOf(value)}`;
  return line(condition, `-l ${flag.slice(2)}${argument} -d ${quoted(description)}`);
}

function argumentOf(place: Place): string {
  if (place.kind === 'words') return `-x -a ${quoted(place.words.join(' '))}`;
  return { file: '-r -F', folder: "-x -a '(__fish_complete_directories)'", text: '-x' }[place.kind];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
