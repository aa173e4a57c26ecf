import { Client } from 'undici';
import type { Dispatcher } from 'undici';
import { PlatformError } from '../../kernel/errors.ts';
import { interimAnswerCount } from '../../kernel/interim-answers.ts';
import { limits } from '../../kernel/limits.ts';
import type { InstanceProbe, InstanceProber, ProbeOutcome } from '../../modules/instances/index.ts';
import type { EgressGuard } from './egress-guard.ts';
import type { EgressGuards } from './egress-guards.ts';

/** A2A 1.0 section 8.2. An agent without a card there answers 404, which is an answer too. */
const cardPath = '/.well-known/agent-card.json';
const healthCheck = '/grpc.health.v1.Health/Check';
/** A message of no bytes: it asks for the server as a whole. */
const emptyMessage = Buffer.alloc(5);
const headerBytesMax = 16 * 1024;

/**
 * Asks instances over a connection of its own each time, so that a connection which still stands hides nothing: HTTP wires for their card,
 * gRPC ones for `grpc.health.v1`. Sends no credential and follows no redirect.
 */
export function createInstanceProber(guards: Pick<EgressGuards, 'forTenant'>): InstanceProber {
  return {
    async probe(probe) {
      const guard = await guards.forTenant(probe.tenantId);
      const url = urlOf(guard, probe.url);
      if (url === null) return { kind: 'failed', reason: 'probe.address-refused' };
      const signal = AbortSignal.timeout(probe.timeoutMs);
      try {
        if (probe.kind === 'tcp') return await connectOnly(guard, url, probe, signal);
        return await ask(guard, url, probe, signal);
      } catch (error) {
        return { kind: 'failed', reason: reasonOf(error) };
      }
    },
  };
}

async function ask(guard: EgressGuard, url: URL, probe: InstanceProbe, signal: AbortSignal): Promise<ProbeOutcome> {
  const isGrpc = probe.kind === 'wire' && probe.wire.endsWith(' GRPC');
  const client = new Client(url.origin, {
    connect: guard.connectorFor(url, connecting(probe, isGrpc)),
    headersTimeout: probe.timeoutMs,
    bodyTimeout: probe.timeoutMs,
    maxResponseSize: limits.instanceProbeBytesMax,
    maxHeaderSize: headerBytesMax,
    ...(isGrpc ? { allowH2: true, useH2c: url.protocol === 'http:' } : { allowH2: false }),
  });
  try {
    if (isGrpc) return await checkGrpc(client, signal);
    const path = probe.kind === 'http' ? (probe.path ?? '/') : cardPath;
    const headers = { accept: 'application/json' };
    const answer = await client.request({ method: 'GET', path, headers, signal, onInfo: interimAnswerCount() });
    answer.body.on('error', () => undefined).destroy();
    return outcomeOfStatus(answer.statusCode, probe.kind === 'http');
  } finally {
    await client.destroy();
  }
}

function connecting({ timeoutMs, pinnedKeys }: InstanceProbe, isHttp2: boolean) {
  return { timeoutMs: Math.min(timeoutMs, limits.upstreamConnectMs), isHttp2, pins: pinnedKeys };
}

/**
 * On the wire's own path an agent answers with its card, 404 or 401: it is up in each case. A path that the policy configures must be
 * answered with success.
 */
function outcomeOfStatus(status: number, isChosen: boolean): ProbeOutcome {
  const isFine = isChosen ? status >= 200 && status < 300 : status < 500 && status !== 429;
  if (isFine) return { kind: 'answered', reason: null };
  return { kind: status === 429 ? 'strained' : 'failed', reason: `probe.status-${status}` };
}

const notServing = 2;

/** An agent without the health service answers that it has none: its channel works. */
async function checkGrpc(client: Client, signal: AbortSignal): Promise<ProbeOutcome> {
  const answer: Dispatcher.ResponseData = await client.request({
    method: 'POST',
    path: healthCheck,
    headers: { 'content-type': 'application/grpc', te: 'trailers' },
    body: emptyMessage,
    signal,
    onInfo: interimAnswerCount(),
  });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  if (answer.statusCode >= 500) return { kind: 'failed', reason: `probe.status-${answer.statusCode}` };
  // Five bytes of frame, the tag of field 1, and its number (grpc.health.v1.HealthCheckResponse).
  const isNotServing = bytes.length >= 7 && bytes[5] === 0x08 && bytes[6] === notServing;
  return isNotServing ? { kind: 'failed', reason: 'probe.not-serving' } : { kind: 'answered', reason: null };
}

function connectOnly(guard: EgressGuard, url: URL, probe: InstanceProbe, signal: AbortSignal): Promise<ProbeOutcome> {
  const connect = guard.connectorFor(url, connecting(probe, false));
  const { hostname, host, protocol, port } = url;
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('The instance did not answer in time.')), { once: true });
    connect({ hostname, host, protocol, port }, (...[error, socket]) => {
      if (error !== null) return reject(error);
      socket.destroy();
      resolve({ kind: 'answered', reason: null });
    });
  });
}

const tlsCode = /^(CERT_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH)/;

/**
 * What lies behind `no-answer` is not told apart, as with everything that a tenant has us call: a closed port, a silent one, a name that leads
 * nowhere or to an address that may not be called.
 */
function reasonOf(error: unknown): string {
  if (error instanceof PlatformError && error.code === 'upstream.key-refused') return 'probe.key-refused';
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (tlsCode.test(code)) return 'probe.certificate';
  return code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' ? 'probe.too-large' : 'probe.no-answer';
}

/** Null for an address that may not be called, by its text. */
function urlOf(guard: EgressGuard, text: string): URL | null {
  try {
    return guard.checkUrl(text);
  } catch {
    return null;
  }
}
