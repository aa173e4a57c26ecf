import type { Completable, CompletableCommand, CompletableOption, Place } from './completable.ts';

/** The completion script for bash 3.2 and later; it needs no other package. */
export function bashScript({ first, verbsOf, commands, ...shared }: Completable): string {
  const nouns = Array.from(verbsOf, ([noun, verbs]) => arm(noun, `words="${wordsOf(verbs)}"`));
  return `# Completion of colloquy for bash.
_colloquy() {
  local line=\${COMP_LINE:0:COMP_POINT} current before start path='' words='' place='' index=0 at=1
  local typed options="${flagsOf(shared.commonOptions)}" valued='' connection=''
  read -ra typed <<<"$line"
  [[ $line == *[[:space:]] ]] && typed+=('')
  current=\${typed[\${#typed[@]}-1]}
  case \${#typed[@]} in
    0 | 1) return ;;
    2) words="${wordsOf(first)}" ;;
    *)
      path=\${typed[1]} at=2
      case $path in
${indented(8, nouns)}
      esac
      if [[ -n $words && \${#typed[@]} -gt 3 ]]; then path="$path \${typed[2]}" at=3 words=''; fi
      ;;
  esac
  if [[ -n $path && -z $words ]]; then
    before=\${typed[\${#typed[@]}-2]}
    [[ $current == --*=* ]] && before=\${current%%=*}
    case $path in
${indented(6, commands.map(commandArm))}
    esac
    if [[ -n $connection ]]; then options="$options ${flagsOf(shared.connectionOptions)}" valued="$valued ${flagsOf(shared.connectionOptions)}"; fi
    case " $valued " in *" $before "*) place=\${place:-(text)} ;; esac
    if [[ -z $place && $current == -* ]]; then
      place=$options
    elif [[ -z $place ]]; then
      for ((; at < \${#typed[@]} - 1; at++)); do
        case " $valued " in *" \${typed[at]} "*) ((at++)) ;; *) [[ \${typed[at]} == -* ]] || ((index++)) ;; esac
      done
      case "$path $index" in
${indented(8, commands.flatMap(positionalArms))}
      esac
    fi
    words=$place
  fi
  start=$current
  [[ $current == --*=* ]] && start=\${current#*=}
  local IFS=$' \\t\\n'
  case $words in
    '(file)') IFS=$'\\n' COMPREPLY=($(compgen -f -- "$start")); compopt -o filenames 2>/dev/null ;;
    '(text)') COMPREPLY=() ;;
    '(folder)') IFS=$'\\n' COMPREPLY=($(compgen -d -- "$start")); compopt -o filenames 2>/dev/null ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$start")) ;;
  esac
}
complete -F _colloquy colloquy
`;
}

function wordsOf(words: readonly { readonly word: string }[]): string {
  return words.map(({ word }) => word).join(' ');
}

function arm(pattern: string, body: string): string {
  return `'${pattern}') ${body} ;;`;
}

function flagsOf(options: readonly CompletableOption[]): string {
  return options.map(({ flag }) => flag).join(' ');
}

function commandArm({ name, options, connects }: CompletableCommand): string {
  const valued = options.filter(({ value }) => value !== null);
  const fixed = options.flatMap(({ flag, value }) =>
    value === null || value.kind === 'text' ? [] : [`${flag}) place='${placeText(value)}' ;;`],
  );
  const parts = [
    ...(options.length === 0 ? [] : [`options="${flagsOf(options)} $options"`]),
    ...(valued.length === 0 ? [] : [`valued='${flagsOf(valued)}'`]),
    ...(connects ? ['connection=1'] : []),
    ...(fixed.length === 0 ? [] : [`case $before in ${fixed.join(' ')} esac`]),
  ];
  return arm(name, parts.length === 0 ? ':' : parts.join('; '));
}

function positionalArms({ name, positionals }: CompletableCommand): readonly string[] {
  return positionals.flatMap((place, index) =>
    place.kind === 'text' ? [] : [arm(`${name} ${index}`, `place='${placeText(place)}'`)],
  );
}

/** Words to choose from, or a word in brackets that no command line has. */
function placeText(place: Place): string {
  return place.kind === 'words' ? place.words.join(' ') : `(${place.kind})`;
}

function indented(spaces: number, lines: readonly string[]): string {
  return lines.map((line) => `${' '.repeat(spaces)}${line}`).join('\n');
}
