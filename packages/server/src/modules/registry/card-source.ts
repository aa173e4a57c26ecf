import type { AgentCard, JsonObject } from '@colloquy/protocol';
import type { TenantId } from '../../kernel/ids.ts';

/** A card with the wire document that said it, which is what signatures are about. */
export interface PublishedDocument {
  readonly card: AgentCard;
  readonly document: JsonObject;
}

/** Reads cards from addresses that tenants name. */
export interface CardSource {
  /**
   * The card at `url`; when the URL has no path, also at the well-known place below it (A2A 1.0 section 8.2),
   * and where nothing is there at the one of before 0.3. Of whatever version. Rejects with
   * `egress.refused` for what the text of the address forbids, with `registry.card-invalid` for what was meant as a card, and with
   * `registry.card-unreachable` for everything else, whatever it was and however long it took. Bounded in bytes and time; follows no redirect.
   */
  fetchCard(url: string, tenantId: TenantId): Promise<PublishedDocument>;
  /** The card that a document says, of whatever version; throws `registry.card-invalid`. */
  readDocument(document: JsonObject): PublishedDocument;
}

/** Judges the addresses that the platform will call. */
export interface UpstreamAddressPolicy {
  /**
   * Rejects with `egress.refused` when the text of the URL says that it may not be called for the tenant. What its name leads to is judged at
   * each connection, and nobody who writes it is told.
   */
  checkAddress(url: string, tenantId: TenantId): Promise<void>;
}
