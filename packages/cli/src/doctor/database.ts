import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { fail, ok, warn } from './check.ts';
import type { Finding } from './check.ts';

/** Connections that one process of the platform holds at most. */
const connectionsPerProcess = 14;
const answerMs = 5_000;
const check = 'database';

/**
 * Whether the server behind DATABASE_URL takes as many connections at once as one process needs. PostgreSQL counts a
 * connection before it asks for a password, so this check needs none and starts no session.
 */
export async function checkDatabase(databaseUrl: string): Promise<Finding> {
  const url = URL.parse(databaseUrl);
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    return fail(
      check,
      'DATABASE_URL is not an address of PostgreSQL',
      'Write it like postgresql://user:password@host:5432/colloquy.',
    );
  }
  const where = `${url.hostname || 'localhost'}:${url.port || '5432'}`;
  const sockets: Socket[] = [];
  try {
    const answers = await Promise.all(Array.from({ length: connectionsPerProcess }, () => knock(url, sockets)));
    return findingOf(where, answers);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return fail(check, `${where} can not be reached${reason}`, 'Check DATABASE_URL, the server and the network.');
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

function findingOf(where: string, answers: readonly string[]): Finding {
  const full = answers.filter((answer) => answer === tooManyConnections).length;
  if (full > 0) {
    return fail(
      check,
      `${where} refused ${full} of ${connectionsPerProcess} connections because it is full`,
      'Raise max_connections, or use a separate server for the platform.',
    );
  }
  if (answers.includes(''))
    return warn(check, `${where} answers, but not like PostgreSQL`, 'Check host and port in DATABASE_URL.');
  return ok(check, `${where} takes the ${connectionsPerProcess} connections that one process needs`);
}

const tooManyConnections = '53300';

/** Opens a connection, sends a startup message (PostgreSQL protocol 3.0) and returns the error code of the answer, `R` for none. */
function knock(url: URL, sockets: Socket[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port || 5432), url.hostname || 'localhost');
    sockets.push(socket);
    socket.setTimeout(answerMs, () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    socket.once('error', reject);
    socket.once('close', () => resolve(''));
    socket.once('connect', () => socket.write(startupMessage(url)));
    socket.once('data', (answer) => resolve(codeOf(answer)));
  });
}

function startupMessage(url: URL): Buffer {
  const user = decodeURIComponent(url.username) || 'postgres';
  const database = decodeURIComponent(url.pathname.slice(1)) || user;
  const body = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}

/** The SQLSTATE of an ErrorResponse, `R` for a request to authenticate, empty for anything else. */
function codeOf(answer: Buffer): string {
  const kind = String.fromCharCode(answer[0] ?? 0);
  if (kind === 'R') return kind;
  return kind === 'E' ? (/\0C([0-9A-Z]{5})\0/.exec(answer.toString('latin1'))?.[1] ?? 'E') : '';
}
