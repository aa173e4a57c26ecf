import type { Command } from '../command.ts';
import { operatorProfileAt, readProfiles } from '../connection/profile.ts';
import { exitStatus } from '../exit-status.ts';
import type { Nouns } from '../noun.ts';
import type { Output } from '../output/output.ts';
import type { Paint } from '../output/paint.ts';
import { facts, printable } from '../output/table.ts';
import { dataOptions, serverEnvironment } from '../platform/server-environment.ts';
import { logText } from '../platform/server-log.ts';
import type { LogLine } from '../platform/server-log.ts';
import { startServer } from '../platform/server-process.ts';
import type { ServerProcess } from '../platform/server-process.ts';
import { LocalError } from '../usage-error.ts';

/** Steps of a start, by the log line of the platform that begins each. */
const steps: ReadonlyMap<string, string> = new Map([
  ['starting PostgreSQL', 'Starting PostgreSQL'],
  ['migrating the database', 'Migrating the database'],
  ['database ready', 'Starting the services'],
]);

const up: Command = {
  name: 'up',
  summary: 'Start the platform on this machine and run it until Ctrl-C',
  positionals: [],
  options: {
    port: { type: 'string', value: 'port', description: 'Port to listen on; 0 for any free port (COLLOQUY_HTTP_PORT)' },
    ...dataOptions,
    verbose: { type: 'boolean', description: 'Show the whole log of the platform on stderr' },
  },
  connects: false,
  details:
    'Without DATABASE_URL it starts its own PostgreSQL, with the data in ~/.local/share/colloquy\n' +
    '(/var/lib/colloquy for root). A second "colloquy up" on the same data joins as a second node. All other\n' +
    'settings are environment variables of the platform. --json prints the addresses as one value when the\n' +
    'platform is ready.',
  examples: ['colloquy up', 'colloquy up --port 8080 --data-dir ./data'],
  async run({ args, env, output, signal }) {
    args.wholeNumber('port', 0, 65_535);
    const isVerbose = args.flag('verbose');
    // A broken profile file is told before anything runs.
    const profiles = readProfiles(env);
    const server = await output.during('Starting the platform', (say) => {
      const onLog = (line: LogLine): void => {
        const step = steps.get(line.msg);
        if (step !== undefined) say(step);
        showLog(line, isVerbose, output);
      };
      return startServer({ env: serverEnvironment(args, env), signal, onLog });
    });
    const { url, opsUrl, grpcAddress, otherNodes, dataDir } = server;
    const chosen = args.text('data-dir') ?? env['COLLOQUY_DATA_DIR'];
    const initCommand = initCommandFor(url, chosen === undefined ? undefined : dataDir);
    output.print(
      { url, opsUrl, grpcAddress, otherNodes, dataDir },
      welcome(server, output, { isOperator: operatorProfileAt(url, profiles) === 'default', initCommand }),
    );
    const interrupted = new Promise<'stop'>((resolve) => {
      signal.addEventListener('abort', () => resolve('stop'), { once: true });
    });
    const first = signal.aborted ? 'stop' : await Promise.race([interrupted, server.ended]);
    if (first !== 'stop') {
      throw new LocalError(`The platform ended: ${first.why}\n${kept}`, first.remedy);
    }
    output.write('\nStopping. Open requests are finished; other tasks continue at the next start.\n');
    await server.stop();
    return exitStatus.ok;
  },
};

/** Holds after every end, a kill and a full disk included: an acknowledged send is committed. */
const kept = 'Acknowledged tasks, credits and audit entries are kept; open tasks continue at the next start.';

export const upNouns: Nouns = {
  up: { group: 'Start' },
};

export const upCommands: readonly Command[] = [up];

function showLog(line: LogLine, isVerbose: boolean, output: Output): void {
  const matters = ['warn', 'error', 'fatal'].includes(line.level);
  if (isVerbose || matters) output.note(printable(logText(line)));
}

type Addresses = Pick<ServerProcess, 'url' | 'opsUrl' | 'grpcAddress' | 'hasOperator' | 'otherNodes' | 'dataDir'>;

interface FirstSteps {
  /** Whether the default profile acts as an operator at this address. */
  readonly isOperator: boolean;
  /** The command that makes the first operator. */
  readonly initCommand: string;
}

/** Names the data folder when it was chosen: "init" runs in another shell, and must find the same database. */
function initCommandFor(url: string, dataDir: string | undefined): string {
  if (dataDir === undefined) return `colloquy init --url ${url}`;
  const folder = /^[\w/.,:@%+=-]+$/.test(dataDir) ? dataDir : `'${dataDir.replaceAll("'", String.raw`'\''`)}'`;
  return `colloquy init --url ${url} --data-dir ${folder}`;
}

function dataFact(dataDir: string | undefined): readonly (readonly [string, string])[] {
  return dataDir === undefined ? [] : [['data', dataDir]];
}

function welcome(node: Addresses, { paint, typed }: Output, steps: FirstSteps): string {
  const { url, opsUrl, grpcAddress, otherNodes, dataDir } = node;
  if (otherNodes.length > 0) return typed(welcomeBesideOthers(node, paint));
  const own = [['address', url] as const, ['gRPC', grpcAddress] as const, ['health, metrics', opsUrl] as const];
  const addresses = facts([...own, ...dataFact(dataDir), ...nextSteps(node, steps)]);
  return typed(`${paint.bold('Colloquy is running.')}\n\n${addresses}\n\nCtrl-C stops it.`);
}

/** A profile may be of data that is gone, so whether there is an operator is asked of the data. */
function nextSteps({ hasOperator }: Addresses, steps: FirstSteps): readonly (readonly [string, string])[] {
  const token = ['get a token', 'colloquy token'] as const;
  if (!hasOperator) return [['first', steps.initCommand], token];
  if (steps.isOperator) return [token, ['list tenants', 'colloquy tenant list']];
  return [['new operator', `${steps.initCommand} --name <name>`], token];
}

/** A further node needs no operator: it serves what the others serve. */
function welcomeBesideOthers({ url, opsUrl, grpcAddress, otherNodes, dataDir }: Addresses, paint: Paint): string {
  const place = otherNodes.length === 1 ? 'the second node' : `one of ${otherNodes.length + 1} nodes`;
  const others = otherNodes.map((address) => ['other node', address] as const);
  const own = [['this node', url] as const, ['gRPC', grpcAddress] as const, ['health, metrics', opsUrl] as const];
  const addresses = facts([...own, ...dataFact(dataDir), ...others]);
  const shared = 'All nodes serve the same tenants, agents and tasks: "colloquy init" was done for all of them.';
  return `${paint.bold(`Colloquy is running, as ${place} on the same data.`)}\n\n${addresses}\n\n${shared}\nCtrl-C stops this node; the others keep running.`;
}
