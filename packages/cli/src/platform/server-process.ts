import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { LocalError } from '../usage-error.ts';
import { explainEnd } from './server-end.ts';
import type { EndReason, ServerEnd } from './server-end.ts';
import { serverProgram } from './server-files.ts';
import { readLogLine } from './server-log.ts';
import type { LogLine } from './server-log.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Pieces of output that are kept to explain an end. */
const saidMax = 50;
const answerMs = 10_000;
/** Of the platform's program, when the platform that runs uses another database. */
const statusOfOtherData = 3;
const fixTheCause = 'Fix the cause; "colloquy doctor" checks this machine.';

/** A platform that runs as a child. */
export interface ServerProcess {
  readonly url: string;
  readonly opsUrl: string;
  /** `host:port`, or `off`. */
  readonly grpcAddress: string;
  /** Whether its data has an operator. */
  readonly hasOperator: boolean;
  /** Where the other nodes on the same data listen; empty for the first node. */
  readonly otherNodes: readonly string[];
  /** The folder of its database; undefined for a database of DATABASE_URL. */
  readonly dataDir: string | undefined;
  /** Resolves with the reason when it has ended. */
  readonly ended: Promise<EndReason>;
  /** Asks it to finish and waits until it has. */
  stop(): Promise<void>;
}

/** How to start a platform. */
export interface ServerOptions {
  readonly env: Env;
  /** Ends the wait and stops the platform. */
  readonly signal: AbortSignal;
  /** Called with every line of its log. */
  readonly onLog: (line: LogLine) => void;
}

/** Starts the platform and waits until it is ready. Throws a LocalError with what it said when it could not start. */
export async function startServer({ env, signal, onLog }: ServerOptions): Promise<ServerProcess> {
  // In a group of its own, so that Ctrl-C reaches it once and through this program.
  // The platform stops in order at the end of its input, so it does not outlive this program, a kill included. Nothing else is sent to it
  // when this program exits: a second signal would end it without its PostgreSQL.
  const argv = [...serverProgram(), '--stop-at-end-of-input'];
  const child = spawn(process.execPath, argv, { env, stdio: 'pipe', detached: true });
  const said: string[] = [];
  const dataFolder = env['COLLOQUY_DATA_DIR'] ?? 'the data folder';
  const ended = endOf(child).then((end) => explainEnd({ ...end, said }, dataFolder));
  const keep = (words: string): void => {
    said.push(words);
    if (said.length > saidMax) said.shift();
  };
  const ready = Promise.withResolvers<LogLine>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = readLogLine(text);
    if (line === undefined) return;
    if (line.msg === 'ready') ready.resolve(line);
    if (line.level === 'fatal') keep((line.causes.length > 0 ? line.causes : [line.msg]).join('\n'));
    onLog(line);
  });
  child.stderr.on('data', (chunk) => keep(String(chunk).trim()));
  const terminate = (): unknown => child.kill('SIGTERM');
  signal.addEventListener('abort', terminate, { once: true });
  const line = await Promise.race([ready.promise, ended]);
  signal.removeEventListener('abort', terminate);
  if ('why' in line) throw new LocalError(`The platform could not start:\n  ${line.why}`, line.remedy);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  const { url = '', opsUrl = '', grpcAddress = 'off', hasOperator, otherNodes, dataDir } = line;
  return { url, opsUrl, grpcAddress, hasOperator, otherNodes, dataDir, ended, stop };
}

/** An operator of the platform, with the only showing of its secret. */
export interface Operator {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The folder of the database that has it; null for a database of DATABASE_URL. */
  readonly dataDir: string | null;
  /** Whether a platform answers at the address that it is for. */
  readonly isServed: boolean;
}

/** The operator that is wanted. */
export interface OperatorRequest {
  readonly name: string;
  /** Address of the platform that it is for. */
  readonly url: string;
  /** What to do where the name is taken. */
  readonly remedyIfTaken: string;
}

/**
 * Creates an operator in the platform's database, whether the platform runs or not. A platform that runs at the address
 * must use this database. Throws a LocalError that says why not.
 */
export async function createOperator({ name, url, remedyIfTaken }: OperatorRequest, env: Env): Promise<Operator> {
  const servedKeys = await servedKeysOf(url);
  const argv = [...serverProgram(), 'init', '--name', name, ...servedKeys.map((kid) => `--served-key=${kid}`)];
  const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [printed, said, { status }] = await Promise.all([textOf(child.stdout), textOf(child.stderr), endOf(child)]);
  if (status === 0) return { ...operatorFrom(printed), isServed: servedKeys.length > 0 };
  if (status === statusOfOtherData)
    throw new LocalError(
      `The platform at ${url} does not use ${said}, so no operator was created there.`,
      'Give the --data-dir that "colloquy up" prints as data (or its DATABASE_URL), or the --url of the platform that uses this data.',
    );
  if (said.includes('exists already'))
    throw new LocalError(`The operator "${name}" exists already, so none was created.`, remedyIfTaken);
  throw new LocalError(`No operator was created: ${said.trim() || `exit status ${String(status)}`}`, fixTheCause);
}

/** Ids of the signing keys that a platform shows at this address. Each database has its own. Empty where no platform answers. */
async function servedKeysOf(url: string): Promise<readonly string[]> {
  try {
    const answer = await fetch(new URL('/.well-known/jwks.json', url), { signal: AbortSignal.timeout(answerMs) });
    const shown: unknown = await answer.json();
    if (typeof shown !== 'object' || shown === null || !('keys' in shown) || !Array.isArray(shown.keys)) return [];
    return shown.keys.map((key: { readonly kid?: unknown }) => key.kid).filter((kid) => typeof kid === 'string');
  } catch {
    return [];
  }
}

function operatorFrom(printed: string): Omit<Operator, 'isServed'> {
  const parsed: unknown = JSON.parse(printed);
  if (typeof parsed === 'object' && parsed !== null && 'clientId' in parsed && 'clientSecret' in parsed) {
    const { clientId, clientSecret } = parsed;
    const dataDir = 'dataDir' in parsed && typeof parsed.dataDir === 'string' ? parsed.dataDir : null;
    if (typeof clientId === 'string' && typeof clientSecret === 'string') return { clientId, clientSecret, dataDir };
  }
  throw new LocalError('The platform printed no operator.', 'Report this with the output of "colloquy --version".');
}

/** How the server behind DATABASE_URL meets the requirements of one process of the platform. */
export interface DatabaseReport {
  /** Why it cannot be used; the other findings are then absent or false. */
  readonly error?: string;
  readonly version?: string;
  readonly versionMin: string;
  readonly isSupported: boolean;
  /** Connections that one process holds at most, */
  readonly connections: number;
  /** and how many of them the server refused now. */
  readonly refused: number;
}

/** Asks the platform's program, which has the driver and knows its needs. Throws a LocalError when it does not run. */
export async function checkDatabaseServer(env: Env): Promise<DatabaseReport> {
  const argv = [...serverProgram(), 'check-database'];
  const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [printed, said, { status }] = await Promise.all([textOf(child.stdout), textOf(child.stderr), endOf(child)]);
  if (status !== 0)
    throw new LocalError(
      `The database was not checked: ${said.trim() || `exit status ${String(status)}`}`,
      fixTheCause,
    );
  return databaseReportOf(JSON.parse(printed));
}

function databaseReportOf(parsed: unknown): DatabaseReport {
  const fields = new Map<string, unknown>(typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []);
  const [error, version] = [fields.get('error'), fields.get('version')];
  return {
    ...(typeof error === 'string' ? { error } : {}),
    ...(typeof version === 'string' ? { version } : {}),
    versionMin: String(fields.get('versionMin')),
    isSupported: fields.get('isSupported') === true,
    connections: Number(fields.get('connections')),
    refused: Number(fields.get('refused')),
  };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function endOf(child: ChildProcess): Promise<Omit<ServerEnd, 'said'>> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal }));
  });
}
