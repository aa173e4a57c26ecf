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

/** A card as it is served, and what it was made of. */
interface CachedCard {
  readonly served: ServedCard;
  readonly published: Pick<PublishedCard, 'cardVisibility' | 'tenantId'>;
  /** The key that has signed it. */
  readonly kid: string;
}

/** Its text, and one for each of the three forms in which it is read, all as UTF-8. */
const textsCached = 4;
/** What it takes beside its texts. */
const overheadBytes = 2_048;

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Cards as this process serves them, kept until something about the agents of their tenant changes or `limits.cardRefreshMs` are over. */
export class ServedCards {
  readonly #answers: AnswerCache<CachedCard>;

  constructor(clock: Clock) {
    this.#answers = new AnswerCache(clock, { refreshMs: limits.cardRefreshMs, bytesMax: limits.servedCardsBytesMax });
  }

  /** Null for one that is not kept, or no longer, or that another key has signed. */
  find(address: CardAddress, kid: string): Pick<CachedCard, 'served' | 'published'> | null {
    const kept = this.#answers.find(keyOf(address));
    return kept?.kid === kid ? kept : null;
  }

  /** To be asked before a card is read. */
  mark(): ReadingMark {
    return this.#answers.mark();
  }

  /** Keeps a card that was read since `mark`, unless something changed meanwhile; answers it as it is kept. */
  keep(address: CardAddress, { kid, served, published }: CachedCard, mark: ReadingMark): ServedCard {
    const key = keyOf(address);
    const text = utf8.encode(JSON.stringify(served.card));
    const bytes = overheadBytes + textsCached * (key.length + text.byteLength);
    // Not the whole of what it was made of: that has skills that are withheld, of whatever size.
    const { cardVisibility, tenantId } = published;
    const value = { served: asText(served, text), published: { cardVisibility, tenantId }, kid };
    this.#answers.keep(key, { tenantId, value, bytes }, mark);
    return value.served;
  }

  /** The tenant's agents changed. */
  readonly forget = (tenantId: TenantId): void => this.#answers.forget(tenantId);
}

/**
 * The card as its text, of which each form is made once: as an object it would take three times as much. As bytes, because one letter
 * beyond Latin-1 doubles a text in V8.
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
