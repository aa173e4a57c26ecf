import type { Completable, CompletableCommand, CompletableOption, Place, Word } from './completable.ts';

/** The completion script for zsh. */
export function zshScript({ first, verbsOf, commands, ...shared }: Completable): string {
  const nouns = Array.from(
    verbsOf,
    ([noun, verbs]) => `      ${noun})
        if ((CURRENT == 2)); then
${described(verbs, 10)}
          return
        fi
        words=("$words[1] $words[2]" "\${(@)words[3,-1]}")
        ((CURRENT--))
        ;;`,
  );
  return `#compdef colloquy
# Completion of colloquy for zsh.
_colloquy() {
  local curcontext=$curcontext state line
  local -a described common connection
  common=(${specsOf(shared.commonOptions)})
  connection=(${specsOf(shared.connectionOptions)} $common)
  _arguments -C '(- *)'{-h,--help}'[Show the help]' '(- *)'{-v,--version}'[Show the version]' '1: :->noun' '*:: :->rest'
  case $state in
    noun)
${described(first, 6)}
      ;;
    rest)
      case $words[1] in
${nouns.join('\n')}
      esac
      case $words[1] in
${commands.map(commandArm).join('\n')}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _colloquy ]]; then _colloquy "$@"; else compdef _colloquy colloquy; fi
`;
}

function described(words: readonly Word[], spaces: number): string {
  const indent = ' '.repeat(spaces);
  const lines = words.map(({ word, summary }) => `${indent}  ${quoted(`${word}:${summary.replaceAll(':', '\\:')}`)}`);
  return `${indent}described=(\n${lines.join('\n')}\n${indent})\n${indent}_describe command described`;
}

function specsOf(options: readonly CompletableOption[]): string {
  return options
    .map(({ flag, description, isRepeatable, value }) => {
      const said = `[${description.replaceAll(/[\\[\]:]/g, String.raw`\$&`)}]`;
      return quoted(`${isRepeatable ? '*' : ''}${flag}${said}${value === null ? '' : `:value:${actionOf(value)}`}`);
    })
    .join(' ');
}

function commandArm({ name, options, connects, positionals }: CompletableCommand): string {
  const places = positionals.map((place, index) => quoted(`${index + 1}:argument:${actionOf(place)}`));
  const shared = connects ? '$connection' : '$common';
  return `      ${quoted(name)}) ${['_arguments', specsOf(options), ...places, shared].filter((part) => part !== '').join(' ')} ;;`;
}

function actionOf(place: Place): string {
  if (place.kind === 'words') return `(${place.words.join(' ')})`;
  return { file: '_files', folder: '_files -/', text: ' ' }[place.kind];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
