import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { PublishedCard } from './agent.ts';
import type { ServedCard } from './served-card.ts';
import type { AgentPlace } from './served-interfaces.ts';

type CardAddress = Pick<AgentPlace, 'tenantSlug' | 'agentName'>;

/** A card as it is served, and what it was made of. */
interface Kept {
  readonly served: ServedCard;
  readonly published: Pick<PublishedCard, 'cardVisibility' | 'tenantId'>;
  /** The key that has signed it. */
  readonly kid: string;
  readonly bytes: number;
  readonly readAtMs: number;
}

/** When the reading of a card began. */
interface ReadingMark {
  readonly atMs: number;
  readonly changes: number;
}

/** The served object, its document and its text. */
const formsKept = 4;

/** Cards as this process serves them, kept until something about the agents of their tenant changes or `limits.cardRefreshMs` are over. */
export class ServedCards {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;
  /** How often something was forgotten: what was being read then may be older than the change. */
  #changes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Null for one that is not kept, or no longer, or that another key has signed. */
  find(address: CardAddress, kid: string): Pick<Kept, 'served' | 'published'> | null {
    const kept = this.#kept.get(keyOf(address));
    if (kept === undefined || kept.kid !== kid) return null;
    return this.#clock.monotonicMs() - kept.readAtMs < limits.cardRefreshMs ? kept : null;
  }

  /** To be asked before a card is read. */
  mark(): ReadingMark {
    return { atMs: this.#clock.monotonicMs(), changes: this.#changes };
  }

  /** Keeps a card that was read since `mark`, unless something changed meanwhile. */
  keep(address: CardAddress, card: Pick<Kept, 'kid' | 'published' | 'served'>, mark: ReadingMark): void {
    if (mark.changes !== this.#changes) return;
    const key = keyOf(address);
    const { kid, served } = card;
    const bytes = formsKept * (key.length + JSON.stringify(served.card).length);
    // Not the whole of what it was made of: that has skills that are withheld, of whatever size.
    const { cardVisibility, tenantId } = card.published;
    this.#drop(key);
    this.#kept.set(key, { served, published: { cardVisibility, tenantId }, kid, bytes, readAtMs: mark.atMs });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= limits.servedCardsBytesMax) return;
      this.#drop(oldest);
    }
  }

  /** The tenant's agents changed. */
  readonly forget = (tenantId: TenantId): void => {
    this.#changes += 1;
    for (const [key, { published }] of this.#kept) if (published.tenantId === tenantId) this.#drop(key);
  };

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}

function keyOf({ tenantSlug, agentName }: CardAddress): string {
  return `${tenantSlug}/${agentName}`;
}
