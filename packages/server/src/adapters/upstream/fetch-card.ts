import type { JsonObject } from '@colloquy/protocol';
import { decodeAnyAgentCard } from '@colloquy/protocol/cards';
import { DecodeError } from '@colloquy/protocol/errors';
import { readJson } from '@colloquy/protocol/json';
import { defaultDecodeLimits } from '@colloquy/protocol/codec';
import { Client } from 'undici';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { Limits } from '../../kernel/limits.ts';
import type { CardSource, PublishedDocument } from '../../modules/registry/index.ts';
import type { EgressGuard } from './egress-guard.ts';

/** The bounds of `kernel/limits.ts` that hold for fetching a card. */
export type CardBounds = Pick<Limits, 'cardBytesMax' | 'cardFetchMs' | 'upstreamConnectMs'>;

/** A2A 1.0 section 8.2 (RFC 8615). */
const wellKnownPath = '/.well-known/agent-card.json';
/** Up to A2A 0.2.6. */
const earlierPath = '/.well-known/agent.json';
const notFound = 'HTTP 404';
const headerBytesMax = 16 * 1024;

/** Why a card could not be read; shown to the caller, who named the address. */
type Reason = 'no-answer' | 'timeout' | 'redirect' | 'status' | 'too-large';

/** Reads cards over connections that the guard has judged. Sends no credential and follows no redirect. */
export function createCardSource(guard: EgressGuard, bounds: CardBounds): CardSource {
  return {
    async fetchCard(text) {
      const url = guard.checkUrl(text);
      const signal = AbortSignal.timeout(bounds.cardFetchMs);
      const reading = { guard, bounds, signal };
      if (url.search !== '') return readCard(url, reading);
      if (url.pathname === wellKnownPath) return readWellKnown(url, reading);
      const given = readCard(url, reading);
      if (url.pathname !== '/') return given;
      return given.catch((error: unknown) => {
        if (error instanceof PlatformError && error.code === 'egress.refused') throw error;
        return readWellKnown(url, reading);
      });
    },
  };
}

/** Where there is no card of today, one of before 0.3 may be at its place of then. */
async function readWellKnown(url: URL, reading: Reading): Promise<PublishedDocument> {
  try {
    return await readCard(new URL(wellKnownPath, url), reading);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return await readCard(new URL(earlierPath, url), reading).catch((other: unknown) => {
      throw isNotFound(other) ? error : other;
    });
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof PlatformError && error.cause instanceof Error && error.cause.message === notFound;
}

/** The card of a JSON value from outside; throws `registry.card-invalid` with every wrong field. */
function cardFrom(value: unknown): PublishedDocument {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- decoding refuses every JSON value that is no object
    return { card: decodeAnyAgentCard(value, defaultDecodeLimits), document: value as JsonObject };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new PlatformError('registry.card-invalid', { violations: error.violations });
  }
}

interface Reading {
  readonly guard: EgressGuard;
  readonly bounds: CardBounds;
  readonly signal: AbortSignal;
}

async function readCard(url: URL, { guard, bounds, signal }: Reading): Promise<PublishedDocument> {
  const client = new Client(url.origin, {
    connect: { lookup: guard.lookupFor(url), timeout: bounds.upstreamConnectMs },
    headersTimeout: bounds.cardFetchMs,
    bodyTimeout: bounds.cardFetchMs,
    maxResponseSize: bounds.cardBytesMax,
    maxHeaderSize: headerBytesMax,
    allowH2: false,
  });
  try {
    return cardOf(await readBody(client, url, signal));
  } catch (error) {
    throw asCardFault(error, signal);
  } finally {
    await client.destroy();
  }
}

async function readBody(client: Client, url: URL, signal: AbortSignal): Promise<Uint8Array> {
  const { statusCode, body } = await client.request({
    method: 'GET',
    path: url.pathname + url.search,
    headers: { accept: 'application/json', 'accept-encoding': 'identity', 'a2a-version': '1.0' },
    signal,
  });
  if (statusCode !== 200) {
    body.on('error', () => undefined).destroy();
    throw unreachable(statusCode >= 300 && statusCode < 400 ? 'redirect' : 'status', new Error(`HTTP ${statusCode}`));
  }
  return new Uint8Array(await body.arrayBuffer());
}

function cardOf(bytes: Uint8Array): PublishedDocument {
  const reading = readJson(bytes, { depthMax: limits.jsonDepthMax });
  if (reading.kind === 'value') return cardFrom(reading.value);
  const violations = [{ field: '', description: reading.message }];
  throw new PlatformError('registry.card-invalid', { violations });
}

function asCardFault(error: unknown, signal: AbortSignal): PlatformError {
  if (error instanceof PlatformError) return error;
  if (signal.aborted) return unreachable('timeout', error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return unreachable('too-large', error);
  const isSlow =
    code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  return unreachable(isSlow ? 'timeout' : 'no-answer', error);
}

function unreachable(reason: Reason, cause: unknown): PlatformError {
  return new PlatformError('registry.card-unreachable', { details: { reason }, cause });
}
