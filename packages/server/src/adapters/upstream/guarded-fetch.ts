import { isIP } from 'node:net';
import { Client } from 'undici';
import { PlatformError } from '../../kernel/errors.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { interimAnswerCount } from '../../kernel/interim-answers.ts';
import { limits } from '../../kernel/limits.ts';
import type { EgressGuards } from './egress-guards.ts';

/** One document that is read for a tenant. */
export interface GuardedRead {
  readonly tenantId: TenantId;
  readonly url: string;
  /** Fields of the request; never a credential. */
  readonly headers: Readonly<Record<string, string>>;
  /** A longer answer is `too-large`. */
  readonly bytesMax: number;
  /** Time for everything together, the resolution of the name included. */
  readonly timeMs: number;
}

/**
 * Why a document could not be read. `host-unusable`: the name does not resolve, or leads to an address that the tenant may not call; the two
 * look alike. Every other fault is about an address that the tenant may call.
 */
export type ReadFault =
  | 'host-unusable'
  | 'connection-refused'
  | 'connection-failed'
  | 'tls-failed'
  | 'timeout'
  | 'redirect'
  | 'http-status'
  | 'too-large';

interface ReadFacts {
  /** The HTTP status that was answered; null when there was no answer. */
  readonly status?: number;
  /** Code of the TLS error, such as `CERT_HAS_EXPIRED`. */
  readonly reason?: string;
  readonly cause?: unknown;
}

/** A document that could not be read. */
export class GuardedReadError extends Error {
  override readonly name = 'GuardedReadError';
  readonly fault: ReadFault;
  readonly status: number | null;
  readonly reason: string | null;

  constructor(fault: ReadFault, { status, reason, cause }: ReadFacts = {}) {
    super(status === undefined ? fault : `HTTP ${status}`, { cause });
    this.fault = fault;
    this.status = status ?? null;
    this.reason = reason ?? null;
  }
}

const headerBytesMax = 16 * 1024;

/**
 * Reads a document by GET over a connection that the tenant's guard has judged: no redirect is followed, no proxy of the environment is
 * asked, nothing is cached. Rejects with `egress.refused` when the text of the URL is forbidden, and with `GuardedReadError`.
 */
export async function readGuarded(guards: Pick<EgressGuards, 'forTenant'>, read: GuardedRead): Promise<Uint8Array> {
  const guard = await guards.forTenant(read.tenantId);
  const url = guard.checkUrl(read.url);
  const signal = AbortSignal.timeout(read.timeMs);
  let isResolved = isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0;
  const client = new Client(url.origin, {
    connect: guard.connectorFor(url, {
      timeoutMs: Math.min(limits.upstreamConnectMs, read.timeMs),
      onResolved: () => (isResolved = true),
    }),
    headersTimeout: read.timeMs,
    bodyTimeout: read.timeMs,
    maxResponseSize: read.bytesMax,
    maxHeaderSize: headerBytesMax,
    allowH2: false,
  });
  try {
    return await readBody(client, url, read, signal);
  } catch (error) {
    throw isResolved ? asReadError(error, url, signal) : unusableHost(error);
  } finally {
    await client.destroy();
  }
}

async function readBody(client: Client, url: URL, { headers }: GuardedRead, signal: AbortSignal): Promise<Uint8Array> {
  const { statusCode, body } = await client.request({
    method: 'GET',
    path: url.pathname + url.search,
    headers: { ...headers, 'accept-encoding': 'identity' },
    signal,
    onInfo: interimAnswerCount(),
  });
  if (statusCode !== 200) {
    body.on('error', () => undefined).destroy();
    const fault = statusCode >= 300 && statusCode < 400 ? 'redirect' : 'http-status';
    throw new GuardedReadError(fault, { status: statusCode });
  }
  return new Uint8Array(await body.arrayBuffer());
}

function unusableHost(cause: unknown): GuardedReadError {
  return new GuardedReadError('host-unusable', { cause });
}

const timeoutCodes: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);
/** Codes of the socket, of undici and of its HTTP parser. Any other code of a connection over TLS is one of OpenSSL or of the certificate. */
const connectionCode = /^(UND_ERR_|HPE_|EAI_)|^(ECONNRESET|ECONNABORTED|EHOSTUNREACH|ENETUNREACH|EPIPE|EADDRNOTAVAIL)$/;
const codeShape = /^[A-Z][A-Z0-9_]{0,63}$/;

function asReadError(error: unknown, url: URL, signal: AbortSignal): Error {
  if (error instanceof GuardedReadError) return error;
  // The connection ended at another address than the one that was allowed.
  if (error instanceof PlatformError) return error.code === 'egress.refused' ? unusableHost(error) : error;
  const code = codeOf(error);
  if (signal.aborted || timeoutCodes.has(code)) return new GuardedReadError('timeout', { cause: error });
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return new GuardedReadError('too-large', { cause: error });
  if (code === 'ECONNREFUSED') return new GuardedReadError('connection-refused', { cause: error });
  if (url.protocol === 'https:' && codeShape.test(code) && !connectionCode.test(code))
    return new GuardedReadError('tls-failed', { reason: code, cause: error });
  return new GuardedReadError('connection-failed', { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
