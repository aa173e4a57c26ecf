import type { Command } from './command.ts';
import { bashScript } from './completion/bash.ts';
import { completableFrom } from './completion/completable.ts';
import { fishScript } from './completion/fish.ts';
import { zshScript } from './completion/zsh.ts';

const scriptOf = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
type Shell = keyof typeof scriptOf;

/** The command that prints completion scripts for these commands and for itself. */
export function completionCommand(commands: readonly Command[]): Command {
  const completion: Command = {
    name: 'completion',
    summary: 'Print the completion script for a shell',
    positionals: ['<bash|zsh|fish>'],
    options: {},
    connects: false,
    details: 'The script completes commands, options and fixed values of options without starting colloquy.',
    examples: [
      'colloquy completion bash > ~/.local/share/bash-completion/completions/colloquy',
      'colloquy completion zsh > "${fpath[1]}/_colloquy"',
      'colloquy completion fish > ~/.config/fish/completions/colloquy.fish',
    ],
    run: async ({ args, output }) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the command line takes these words only
      const shell = args.positional(0) as Shell;
      const script = scriptOf[shell](completableFrom([...commands, completion]));
      output.print({ shell, script }, script.trimEnd());
    },
  };
  return completion;
}
