import type { AgentCard, JsonObject } from '@colloquy/protocol';
import type { TenantId } from '../../kernel/ids.ts';

/** A card with its wire document. Signatures cover the document. */
export interface PublishedDocument {
  readonly card: AgentCard;
  readonly document: JsonObject;
}

/** The caller that a card is read for. */
export interface CardReader {
  readonly tenantId: TenantId;
  /** Operators may know what a host name leads to. */
  readonly isOperator: boolean;
}

/** Reads cards from addresses that tenants name. */
export interface CardSource {
  /**
   * Fetches the card at `url`, of any protocol version. When the URL has no path, it tries the well-known path (A2A 1.0 section 8.2) and
   * then the one from before 0.3. Rejects with `egress.refused` when the URL's text is forbidden, with `registry.card-invalid` for an
   * invalid card, and with `registry.card-unreachable` for every other failure; its details name the URL and the cause, and what a
   * name leads to only for operators and for a name that an operator opened to the tenant.
   * Bounded in bytes and time; follows no redirect.
   */
  fetchCard(url: string, reader: CardReader): Promise<PublishedDocument>;
  /** Decodes a card document of any protocol version; throws `registry.card-invalid`. */
  readDocument(document: JsonObject): PublishedDocument;
}

/** Checks the addresses that the platform will call. */
export interface UpstreamAddressPolicy {
  /**
   * Rejects with `egress.refused` when the text of the URL alone shows that the tenant may not call it. What the host name resolves to is
   * checked at each connection, so that a caller cannot probe the network's names with this method.
   */
  checkAddress(url: string, tenantId: TenantId): Promise<void>;
}
