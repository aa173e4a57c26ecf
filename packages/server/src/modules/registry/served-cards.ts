import type { AgentCard } from '@colloquy/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { PublishedCard } from './agent.ts';
import { AnswerCache } from './answer-cache.ts';
import type { ReadingMark } from './answer-cache.ts';
import type { ServedCard } from './served-card.ts';
import type { AgentPlace } from './served-interfaces.ts';

type CardAddress = Pick<AgentPlace, 'tenantSlug' | 'agentName'>;

/** A served card, and the facts of its source that readers need. */
interface CachedCard {
  readonly served: ServedCard;
  readonly published: Pick<PublishedCard, 'cardVisibility' | 'tenantId'>;
  /** The key that has signed it. */
  readonly kid: string;
}

/** The card's text, one for each of the three wire forms of one version, and one of two versions that is as large as two; all as UTF-8. */
const textsCached = 6;
/** Approximate memory of an entry besides its texts. */
const overheadBytes = 2_048;

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Caches the served cards of this process until an agent of the tenant changes or `limits.cardRefreshMs` have passed. */
export class ServedCards {
  readonly #answers: AnswerCache<CachedCard>;

  constructor(clock: Clock) {
    this.#answers = new AnswerCache(clock, { refreshMs: limits.cardRefreshMs, bytesMax: limits.servedCardsBytesMax });
  }

  /** Null when the card is not cached, its TTL is over or another key has signed it. */
  find(address: CardAddress, kid: string): Pick<CachedCard, 'served' | 'published'> | null {
    const kept = this.#answers.find(keyOf(address));
    return kept?.kid === kid ? kept : null;
  }

  /** Call this before reading a card, and pass the mark to `keep`. */
  mark(): ReadingMark {
    return this.#answers.mark();
  }

  /** Caches a card that was read since `mark`, unless something changed meanwhile. Returns the cached form. */
  keep(address: CardAddress, { kid, served, published }: CachedCard, mark: ReadingMark): ServedCard {
    const key = keyOf(address);
    const text = utf8.encode(JSON.stringify(served.card));
    const bytes = overheadBytes + textsCached * (key.length + text.byteLength);
    // The source card is not cached, because its withheld skills may be large.
    const { cardVisibility, tenantId } = published;
    const value = { served: asText(served, text), published: { cardVisibility, tenantId }, kid };
    this.#answers.keep(key, { tenantId, value, bytes }, mark);
    return value.served;
  }

  /** Drops the tenant's cards, because its agents changed. */
  readonly forget = (tenantId: TenantId): void => this.#answers.forget(tenantId);
}

/**
 * Holds the card as text and parses it on demand: as an object it would take three times the memory. The text is UTF-8 bytes, because one
 * character beyond Latin-1 doubles the size of a string in V8.
 */
function asText({ etag, lastModified, cacheControl }: ServedCard, text: Uint8Array): ServedCard {
  return {
    etag,
    lastModified,
    cacheControl,
    get card() {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text of a card
      return JSON.parse(strictUtf8.decode(text)) as AgentCard;
    },
  };
}

function keyOf({ tenantSlug, agentName }: CardAddress): string {
  return `${tenantSlug}/${agentName}`;
}
