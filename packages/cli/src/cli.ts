import { readFileSync } from 'node:fs';
import type { ColloquyClient } from '@colloquy/sdk/client';
import type { Arguments } from './arguments.ts';
import { readCommandLine } from './command-line.ts';
import { commands as declared } from './commands/index.gen.ts';
import { completionCommand } from './completion.ts';
import { openClient, resolveSettings } from './connection/settings.ts';
import type { Settings } from './connection/settings.ts';
import { exitStatus } from './exit-status.ts';
import { helpValue, topics } from './help.ts';
import { createOutput } from './output/output.ts';
import { reportError } from './report-error.ts';
import type { Surroundings } from './surroundings.ts';

/** Every command that can be typed. */
export const commands = [...declared, completionCommand(declared)];

const helpColumnsMax = 100;

/** Runs one command line and returns the exit status. Everything the program does to its process goes through `surroundings`. */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const json = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined).includes('--json');
  const output = createOutput(surroundings, json);
  let known: Settings | undefined;
  let given: Arguments | undefined;
  try {
    const topic = argv[0] === 'help' ? topics[argv[1] ?? ''] : undefined;
    if (topic !== undefined) {
      output.print({ topic: argv[1], text: topic }, output.typed(topic));
      return exitStatus.ok;
    }
    const { isTTY = false, columns: terminalColumns = 0 } = surroundings.stdout;
    const columns = isTTY && terminalColumns > 0 ? Math.min(terminalColumns, helpColumnsMax) : helpColumnsMax;
    const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
    const request = readCommandLine(words, {
      commands,
      version: version(),
      paint: output.paint,
      columns,
      env: surroundings.env,
    });
    if (request.kind === 'run') {
      const { command, args } = request;
      given = args;
      const settings = () => (known ??= resolveSettings(args, surroundings.env));
      let opened: ColloquyClient | undefined;
      const client = () => (opened ??= openClient(settings()));
      return (await command.run({ ...surroundings, args, output, settings, client })) ?? exitStatus.ok;
    }
    if (request.kind === 'version') output.print({ version: version() }, version());
    else output.print(helpValue(request.path, commands), request.text.trimEnd());
    return exitStatus.ok;
  } catch (error) {
    return reportError(error, surroundings, { json, settings: known, args: given });
  }
}

/** The version of this package, from its manifest beside the source or the built files. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error('The manifest of this package names no version.');
}
