import type { Command } from '../command.ts';
import { readProfiles } from '../connection/profile.ts';
import { exitStatus } from '../exit-status.ts';
import type { Nouns } from '../noun.ts';
import type { Output } from '../output/output.ts';
import { facts, printable } from '../output/table.ts';
import { dataOptions, serverEnvironment } from '../platform/server-environment.ts';
import type { LogLine } from '../platform/server-log.ts';
import { startServer } from '../platform/server-process.ts';
import type { ServerProcess } from '../platform/server-process.ts';
import { LocalError } from '../usage-error.ts';

const up: Command = {
  name: 'up',
  summary: 'Start the platform here and run it until Ctrl-C',
  positionals: [],
  options: {
    port: { type: 'string', value: 'port', description: 'Port to listen on; 0 takes a free one (COLLOQUY_HTTP_PORT)' },
    ...dataOptions,
    verbose: { type: 'boolean', description: 'Show the whole log of the platform on stderr' },
  },
  connects: false,
  details:
    'Without DATABASE_URL it brings its own PostgreSQL. All other settings are environment variables of the\n' +
    'platform. With --json, prints its addresses as one value once it is ready.',
  examples: ['colloquy up', 'colloquy up --port 8080 --data-dir ./data'],
  async run({ args, env, output, signal }) {
    args.wholeNumber('port', 0, 65_535);
    const isVerbose = args.flag('verbose');
    const onLog = (line: LogLine): void => showLog(line, isVerbose, output);
    const server = await startServer({ env: serverEnvironment(args, env), signal, onLog });
    const { url, opsUrl, grpcAddress } = server;
    output.print({ url, opsUrl, grpcAddress }, welcome(server, output, readProfiles(env)['default']?.url));
    const interrupted = new Promise<'stop'>((resolve) => {
      signal.addEventListener('abort', () => resolve('stop'), { once: true });
    });
    const first = signal.aborted ? 'stop' : await Promise.race([interrupted, server.ended]);
    if (first !== 'stop') {
      throw new LocalError('The platform has ended by itself.', 'Start it with --verbose to see why.');
    }
    output.write('\nStopping: work in hand is finished, the rest is taken up at the next start.\n');
    await server.stop();
    return exitStatus.ok;
  },
};

export const upNouns: Nouns = {
  up: { group: 'Start' },
};

export const upCommands: readonly Command[] = [up];

function showLog(line: LogLine, isVerbose: boolean, output: Output): void {
  const matters = ['warn', 'error', 'fatal'].includes(line.level);
  if (isVerbose || matters) output.note(printable([`${line.level}: ${line.msg}`, ...line.causes].join('\n  ')));
}

type Addresses = Pick<ServerProcess, 'url' | 'opsUrl' | 'grpcAddress'>;

function welcome({ url, opsUrl, grpcAddress }: Addresses, { paint }: Output, profileUrl: string | undefined): string {
  const next =
    profileUrl === url
      ? [['a token', 'colloquy token'] as const, ['what is there', 'colloquy tenant list'] as const]
      : [['first of all', `colloquy init --url ${url}`] as const, ['a token', 'colloquy token'] as const];
  const addresses = facts([['address', url], ['gRPC', grpcAddress], ['health, metrics', opsUrl], ...next]);
  return `${paint.bold('Colloquy is up.')}\n\n${addresses}\n\nCtrl-C stops it.`;
}
