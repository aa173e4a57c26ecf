import type { JsonObject } from '@colloquy/protocol';
import { decodeAnyAgentCard } from '@colloquy/protocol/cards';
import { DecodeError } from '@colloquy/protocol/errors';
import { readJson } from '@colloquy/protocol/json';
import { defaultDecodeLimits } from '@colloquy/protocol/codec';
import { PlatformError } from '../../kernel/errors.ts';
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
 * is refused at once; after that, whatever is no agent card fails alike.
 */
export function createCardSource({ guards, bounds, failures }: CardSourceOptions): CardSource {
  return {
    readDocument: cardFrom,
    async fetchCard(text, tenantId) {
      const url = (await guards.forTenant(tenantId)).checkUrl(text);
      const reading = { guards, tenantId, bounds, endsAtMs: performance.now() + bounds.cardFetchMs };
      return failures.of('registry.card-unreachable', () => readSomewhere(url, reading), ['registry.card-invalid']);
    },
  };
}

async function readSomewhere(url: URL, reading: Reading): Promise<PublishedDocument> {
  if (url.search !== '') return readCard(url, reading);
  if (url.pathname === wellKnownPath) return readWellKnown(url, reading);
  const given = readCard(url, reading);
  return url.pathname === '/' ? given.catch(() => readWellKnown(url, reading)) : given;
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
  return error instanceof GuardedReadError && error.status === 404;
}

/**
 * Decodes a card from an untrusted JSON value; throws `registry.card-invalid` with every wrong field of a document that resembles a card. For
 * any other document the error has no details, because its content may be confidential.
 */
function cardFrom(value: unknown): PublishedDocument {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- decoding refuses every JSON value that is no object
    return { card: decodeAnyAgentCard(value, defaultDecodeLimits), document: value as JsonObject };
  } catch (error) {
    if (!(error instanceof DecodeError) || !isMeantAsCard(value)) throw error;
    throw new PlatformError('registry.card-invalid', { violations: error.violations });
  }
}

/** What cards of every version have and other documents do not. */
function isMeantAsCard(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'skills' in value && 'capabilities' in value && ('supportedInterfaces' in value || 'url' in value);
}

interface Reading {
  readonly guards: Pick<EgressGuards, 'forTenant'>;
  readonly tenantId: TenantId;
  readonly bounds: CardBounds;
  /** When the time is up, on the monotonic clock of the process. */
  readonly endsAtMs: number;
}

const fields = { accept: 'application/json', 'a2a-version': '1.0' };

async function readCard(url: URL, { guards, tenantId, bounds, endsAtMs }: Reading): Promise<PublishedDocument> {
  const timeMs = Math.max(1, Math.ceil(endsAtMs - performance.now()));
  const read = { tenantId, url: url.href, headers: fields, bytesMax: bounds.cardBytesMax, timeMs };
  const reading = readJson(await readGuarded(guards, read), { depthMax: limits.jsonDepthMax });
  if (reading.kind === 'value') return cardFrom(reading.value);
  throw new Error(`The document is no plain JSON: ${reading.reason}.`);
}
