import type { JsonObject } from '@colloquy/protocol';
import { decodeAnyAgentCard } from '@colloquy/protocol/cards';
import { DecodeError } from '@colloquy/protocol/errors';
import { readJson } from '@colloquy/protocol/json';
import { defaultDecodeLimits } from '@colloquy/protocol/codec';
import { cardReadCauses } from '../../kernel/card-read-causes.ts';
import type { CardReadCause } from '../../kernel/card-read-causes.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { PlatformErrorOptions } from '../../kernel/errors.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { Limits } from '../../kernel/limits.ts';
import type { CardSource, PublishedDocument } from '../../modules/registry/index.ts';
import type { EgressGuards } from './egress-guards.ts';
import type { EvenFailures } from './even-failures.ts';
import { GuardedReadError, readGuarded } from './guarded-fetch.ts';

/** The bounds of `kernel/limits.ts` that hold for fetching a card. */
export type CardBounds = Pick<Limits, 'cardBytesMax' | 'cardFetchMs'>;

/** A2A 1.0 section 8.2 (RFC 8615). */
const wellKnownPath = '/.well-known/agent-card.json';
/** Up to A2A 0.2.6. */
const earlierPath = '/.well-known/agent.json';

export interface CardSourceOptions {
  readonly guards: Pick<EgressGuards, 'forTenant'>;
  readonly bounds: CardBounds;
  readonly failures: EvenFailures;
}

/**
 * Reads cards over connections that the guard has judged. Sends no credential and follows no redirect. What the text of the address forbids
 * is refused at once. The cause of a failure is told when the tenant may call the address; until that is known, failures are alike.
 */
export function createCardSource({ guards, bounds, failures }: CardSourceOptions): CardSource {
  return {
    readDocument: (document) => cardFrom(document),
    async fetchCard(text, { tenantId, isOperator }) {
      const guard = await guards.forTenant(tenantId);
      const url = guard.checkUrl(text);
      const tellsHost = isOperator || guard.isOpenedByName(url);
      const reading = { guards, tenantId, tellsHost, bounds, endsAtMs: performance.now() + bounds.cardFetchMs };
      return failures.of('registry.card-unreachable', () => readSomewhere(url, reading), {
        ...shownOf('host-unusable', url),
        told: ['registry.card-invalid', 'registry.card-unreachable'],
      });
    },
  };
}

async function readSomewhere(url: URL, reading: Reading): Promise<PublishedDocument> {
  if (url.search !== '') return readCard(url, reading);
  if (url.pathname === wellKnownPath) return readWellKnown(url, reading);
  const given = readCard(url, reading);
  if (url.pathname !== '/') return given;
  return given.catch((error: unknown) => {
    if (isAnswered(error)) return readWellKnown(url, reading);
    throw error;
  });
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

const answers: ReadonlySet<string | undefined> = new Set<CardReadCause>([
  'redirect',
  'http-status',
  'too-large',
  'not-json',
  'not-a-card',
]);

/** The server is there, so another path of it may have the card. */
function isAnswered(error: unknown): boolean {
  if (!(error instanceof PlatformError)) return false;
  return error.code === 'registry.card-invalid' || answers.has(error.details['cause']);
}

function isNotFound(error: unknown): boolean {
  return error instanceof PlatformError && error.details['status'] === '404';
}

/** Decodes a card from an untrusted JSON value; throws `registry.card-invalid` with every wrong field of a document that resembles a card. */
function cardFrom(value: unknown, url: URL | null = null): PublishedDocument {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- decoding refuses every JSON value that is no object
    return { card: decodeAnyAgentCard(value, defaultDecodeLimits), document: value as JsonObject };
  } catch (error) {
    if (!(error instanceof DecodeError) || !isMeantAsCard(value)) throw error;
    const { violations } = error;
    if (url === null) throw new PlatformError('registry.card-invalid', { violations });
    const place = url.origin + url.pathname;
    const message = `The agent card at ${place} is not valid; see the listed fields.`;
    throw new PlatformError('registry.card-invalid', { message, details: { url: place }, violations });
  }
}

/** What cards of every version have and other documents do not. */
function isMeantAsCard(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'skills' in value && 'capabilities' in value && ('supportedInterfaces' in value || 'url' in value);
}

/** Of a document that does not resemble a card, only fields of cards are named: keys further below are its own and may be confidential. */
function notACard({ violations }: DecodeError, url: URL): PlatformError {
  const named = violations.filter(({ field }) => !/[.[]/.test(field));
  return new PlatformError('registry.card-unreachable', { ...shownOf('not-a-card', url), violations: named });
}

interface Reading {
  readonly guards: Pick<EgressGuards, 'forTenant'>;
  readonly tenantId: TenantId;
  /** Whether the caller may know what the host name leads to. */
  readonly tellsHost: boolean;
  readonly bounds: CardBounds;
  /** When the time is up, on the monotonic clock of the process. */
  readonly endsAtMs: number;
}

const fields = { accept: 'application/json', 'a2a-version': '1.0' };

async function readCard(url: URL, reading: Reading): Promise<PublishedDocument> {
  const { guards, tenantId, tellsHost, bounds, endsAtMs } = reading;
  const timeMs = Math.max(1, Math.ceil(endsAtMs - performance.now()));
  const read = { tenantId, url: url.href, headers: fields, bytesMax: bounds.cardBytesMax, timeMs };
  const bytes = await readGuarded(guards, read).catch((error: unknown) => {
    throw asShown(error, url, tellsHost);
  });
  const parsed = readJson(bytes, { depthMax: limits.jsonDepthMax });
  if (parsed.kind !== 'value') {
    const cause = new Error(`The document is no plain JSON: ${parsed.reason}.`);
    throw new PlatformError('registry.card-unreachable', { ...shownOf('not-json', url), cause });
  }
  try {
    return cardFrom(parsed.value, url);
  } catch (error) {
    throw error instanceof DecodeError ? notACard(error, url) : error;
  }
}

/** The failure with its cause; unchanged when that would reveal what a name leads to, and the caller may not know. */
function asShown(error: unknown, url: URL, tellsHost: boolean): unknown {
  if (!(error instanceof GuardedReadError) || (error.fault === 'host-unusable' && !tellsHost)) return error;
  const cause = error.fault === 'host-unusable' ? hostCause(error) : error.fault;
  return new PlatformError('registry.card-unreachable', { ...shownOf(cause, url, error), cause: error });
}

function hostCause({ cause }: GuardedReadError): CardReadCause {
  return cause instanceof PlatformError && cause.code === 'egress.refused' ? 'address-forbidden' : 'host-unknown';
}

interface AnswerFacts {
  readonly status: number | null;
  readonly reason: string | null;
}

/** What the caller sees. The query of the URL may hold a secret, so it is left out. */
function shownOf(
  cause: CardReadCause,
  { origin, pathname }: URL,
  { status, reason }: AnswerFacts = { status: null, reason: null },
): Pick<PlatformErrorOptions, 'message' | 'details'> {
  const url = origin + pathname;
  const fact = status === null ? reason : `HTTP ${status}`;
  return {
    message: `No agent card could be read from ${url}: ${cardReadCauses[cause]}${fact === null ? '' : ` (${fact})`}.`,
    details: {
      cause,
      url,
      ...(status === null ? {} : { status: String(status) }),
      ...(reason === null ? {} : { reason }),
    },
  };
}
