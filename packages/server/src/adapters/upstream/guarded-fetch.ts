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

/** Why a document could not be read. What lies behind `no-answer` (closed, silent, unresolved, no HTTP) is not told apart. */
export type ReadFault = 'no-answer' | 'timeout' | 'redirect' | 'status' | 'too-large';

/** A document that could not be read. */
export class GuardedReadError extends Error {
  override readonly name = 'GuardedReadError';
  readonly fault: ReadFault;
  /** The HTTP status that was answered; null when there was no answer. */
  readonly status: number | null;

  constructor(fault: ReadFault, status: number | null, cause?: unknown) {
    super(status === null ? fault : `HTTP ${status}`, { cause });
    this.fault = fault;
    this.status = status;
  }
}

const headerBytesMax = 16 * 1024;

/**
 * Reads a document by GET over a connection that the tenant's guard has judged: no redirect is followed, no proxy of the environment is
 * asked, nothing is cached. Rejects with `egress.refused` and `GuardedReadError`.
 */
export async function readGuarded(guards: Pick<EgressGuards, 'forTenant'>, read: GuardedRead): Promise<Uint8Array> {
  const guard = await guards.forTenant(read.tenantId);
  const url = guard.checkUrl(read.url);
  const signal = AbortSignal.timeout(read.timeMs);
  const client = new Client(url.origin, {
    connect: guard.connectorFor(url, { timeoutMs: Math.min(limits.upstreamConnectMs, read.timeMs) }),
    headersTimeout: read.timeMs,
    bodyTimeout: read.timeMs,
    maxResponseSize: read.bytesMax,
    maxHeaderSize: headerBytesMax,
    allowH2: false,
  });
  try {
    return await readBody(client, url, read, signal);
  } catch (error) {
    throw asReadError(error, signal);
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
    throw new GuardedReadError(statusCode >= 300 && statusCode < 400 ? 'redirect' : 'status', statusCode);
  }
  return new Uint8Array(await body.arrayBuffer());
}

function asReadError(error: unknown, signal: AbortSignal): Error {
  if (error instanceof PlatformError || error instanceof GuardedReadError) return error;
  if (signal.aborted) return new GuardedReadError('timeout', null, error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return new GuardedReadError('too-large', null, error);
  const isSlow =
    code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  return new GuardedReadError(isSlow ? 'timeout' : 'no-answer', null, error);
}
